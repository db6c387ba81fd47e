import type { PrintedLine } from './server.ts';

interface PaperProps {
  readonly lines: readonly PrintedLine[];
  readonly onTearOff: () => void;
}

/** The strip of paper that hangs out of the printer. */
export function Paper({ lines, onTearOff }: PaperProps) {
  if (lines.length === 0)
    return (
      <p className="dock-none">
        Nothing yet. Finish a loan or a return with a receipt, and it comes out here.
      </p>
    );
  return (
    <div className="dock-paper-roll">
      <button type="button" className="dock-chip" data-testid="dock-tear-off" onClick={onTearOff}>
        Tear off
      </button>
      <div className="dock-paper" data-testid="dock-paper">
        {lines.map((line, index) =>
          line.is === 'cut' ? (
            <hr key={index} className="dock-cut" />
          ) : (
            <PrintedText key={index} line={line} />
          ),
        )}
      </div>
    </div>
  );
}

/** The blanks that push a big line to the middle are of the common width. */
function PrintedText({ line: { text, bold, big } }: { readonly line: Extract<PrintedLine, { is: 'text' }> }) {
  const words = text.trimStart();
  return (
    <p className={bold ? 'dock-bold' : undefined}>
      {text.slice(0, text.length - words.length)}
      {big ? <span className="dock-big">{words}</span> : words}
    </p>
  );
}
