import type { Screen, View } from '../../shared/view.ts';
import { FinishOrLeave, GoTo } from '../parts/go-on.tsx';
import { ItemList } from '../parts/item-list.tsx';
import { RefusalNote } from '../parts/refusal-note.tsx';
import { ReaderNote } from '../parts/reader-note.tsx';
import { Tally } from '../parts/tally.tsx';
import { BookToPlate } from '../pictures/book-to-plate.tsx';
import { BookUnderScanner } from '../pictures/book-under-scanner.tsx';
import { HandsHelp } from '../pictures/hands-help.tsx';
import { useSpeech } from '../speak.ts';

export interface BorrowProps {
  readonly screen: Extract<Screen, { name: 'borrow' }>;
  readonly view: View;
}

export function Borrow({ screen, view }: BorrowProps) {
  const { words } = useSpeech();
  const nothingYet = screen.items.length === 0;
  const picture = view.reader === undefined ? <BookUnderScanner /> : <BookToPlate />;
  return (
    <>
      <div className={nothingYet ? 'work picture-work' : 'work'}>
        {screen.refusal === undefined ? null : <RefusalNote refusal={screen.refusal} />}
        {nothingYet ? screen.refusal === undefined ? picture : <HandsHelp /> : null}
        {/* There from the start, so that the first row is read out like the others. */}
        <ItemList items={screen.items} label={words('borrow.list')} />
        {nothingYet ? null : <div className="room">{picture}</div>}
      </div>
      <section className={nothingYet ? 'hand strip' : 'hand'}>
        {nothingYet ? null : <div className="hand-picture">{picture}</div>}
        <ReaderNote reader={view.reader} />
        <Tally counts={screen.counts} of="borrow" />
        <GoTo services={view.goTo} />
        <FinishOrLeave view={view} />
      </section>
    </>
  );
}
