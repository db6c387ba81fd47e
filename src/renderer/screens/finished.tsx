import type { ReactNode } from 'react';
import type { Screen } from '../../shared/view.ts';
import { Leave } from '../parts/go-on.tsx';
import { ReceiptOnScreen } from '../parts/receipt.tsx';
import { BagOfBooks } from '../pictures/bag-of-books.tsx';
import { Sign } from '../pictures/icons.tsx';
import { ReadingRoom } from '../pictures/reading-room.tsx';
import { ReceiptPrinter } from '../pictures/receipt-printer.tsx';
import { useSpeech } from '../speak.ts';

type FinishedScreen = Extract<Screen, { name: 'finished' }>;

function pictureOf({ receipt }: FinishedScreen, nothing: boolean): ReactNode {
  if (receipt !== undefined) return <ReceiptPrinter />;
  return nothing ? <ReadingRoom /> : <BagOfBooks />;
}

export function Finished({ screen }: { readonly screen: FinishedScreen }) {
  const { words } = useSpeech();
  const did = (['lent', 'returned', 'renewed'] as const).filter((what) => screen[what] > 0);
  const nothing = did.length === 0 && screen.unsettled === 0;
  return (
    <>
      {screen.receipt?.is === 'onScreen' ? (
        <ReceiptOnScreen receipt={screen.receipt.receipt} problem={screen.receipt.problem} />
      ) : (
        <div className="work picture-work">{pictureOf(screen, nothing)}</div>
      )}
      <section className="hand">
        {screen.receipt?.is === 'onScreen' ? (
          <div className="hand-picture">
            <BagOfBooks />
          </div>
        ) : null}
        {screen.receipt === undefined || screen.receipt.is === 'onScreen' ? null : (
          <p className="receipt-word" role="status" data-testid="receipt-word">
            {words(`receipt.${screen.receipt.is}`)}
          </p>
        )}
        {nothing ? (
          <p className="summary-nothing">{words('finished.nothing')}</p>
        ) : (
          <ul className="summary" aria-label={words('finished.summary')}>
            {did.map((what) => (
              <li key={what}>
                <Sign state="done" />
                <span>{words(`finished.${what}`, { count: screen[what] })}</span>
              </li>
            ))}
            {screen.provisional === undefined ? null : (
              <li>
                <Sign state="offline" />
                <span>{words('finished.provisional', { count: screen.provisional })}</span>
              </li>
            )}
            {screen.unsettled === 0 ? null : (
              <li>
                <Sign state="attention" />
                <span>{words('finished.unsettled', { count: screen.unsettled })}</span>
              </li>
            )}
          </ul>
        )}
        <Leave />
      </section>
    </>
  );
}
