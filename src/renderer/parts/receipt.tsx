import type { Message } from '../../shared/message.ts';
import { countHappened, type Receipt, type ReceiptRow } from '../../shared/receipt.ts';
import { BagOfBooks } from '../pictures/bag-of-books.tsx';
import { Sign } from '../pictures/icons.tsx';
import { useSpeech } from '../speak.ts';
import { codeOf, codeText, kindsOf } from './receipt-code.ts';

/** A receipt to read from the screen, with a code that a telephone takes along. */
export function ReceiptOnScreen({
  receipt,
  problem,
}: {
  readonly receipt: Receipt;
  readonly problem: Message | undefined;
}) {
  const { words, say } = useSpeech();
  const lineOf = (row: ReceiptRow): string => {
    const what = row.title ?? (row.count > 1 ? `${row.count} ×` : '');
    return `${what} ${say(row.message)}`.trim();
  };
  const text = codeText(
    kindsOf(receipt).flatMap((kind) => {
      const rows = receipt.rows.filter((row) => row.kind === kind);
      return [words(`receipt.kind.${kind}`, { count: countHappened(rows) }), ...rows.map(lineOf)];
    }),
    (count) => `+ ${count}`,
  );
  const code = codeOf(text);
  return (
    <section className="work receipt" aria-label={words('receipt.onScreen')} data-testid="receipt">
      {problem === undefined ? null : (
        <p className="problem">
          <Sign state="attention" />
          <span>{say(problem)}</span>
        </p>
      )}
      <div className="receipt-sheet">
        <div className="receipt-lines">
          {kindsOf(receipt).map((kind) => {
            const rows = receipt.rows.filter((row) => row.kind === kind);
            return (
              <section key={kind}>
                <h2>{words(`receipt.kind.${kind}`, { count: countHappened(rows) })}</h2>
                <ul>
                  {rows.map((row, index) => (
                    <li key={`${row.title ?? ''}${index}`} data-state={row.state}>
                      {row.title === undefined ? null : <span className="receipt-title">{row.title}</span>}
                      <span>
                        {row.title === undefined && row.count > 1 ? `${row.count} × ` : ''}
                        {say(row.message)}
                      </span>
                    </li>
                  ))}
                </ul>
              </section>
            );
          })}
          {receipt.provisional ? <p>{words('receipt.provisional')}</p> : null}
          {receipt.rows.some(({ state }) => state === 'attention') ? (
            <p>{words('receipt.attention')}</p>
          ) : null}
        </div>
        <figure className="receipt-code">
          <svg viewBox={`0 0 ${code.side} ${code.side}`} role="img" aria-label={words('receipt.code')}>
            <rect width={code.side} height={code.side} className="code-paper" />
            <path d={code.path} className="code-ink" shapeRendering="crispEdges" />
          </svg>
          <figcaption>{words('receipt.code')}</figcaption>
        </figure>
      </div>
      <div className="room">
        <BagOfBooks />
      </div>
    </section>
  );
}
