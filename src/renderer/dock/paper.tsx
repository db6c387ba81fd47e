import type { PrintedLine } from './server.ts';

interface PaperProps {
  readonly lines: readonly PrintedLine[];
  readonly onTearOff: () => void;
}

/** The strip of paper that hangs out of the printer. */
export function Paper({ lines, onTearOff }: PaperProps) {
  if (lines.length === 0) return <p className="dock-none">Nothing yet. Finish with a receipt.</p>;
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
            <p key={index} className={classOf(line)}>
              {line.text}
            </p>
          ),
        )}
      </div>
    </div>
  );
}

function classOf({ bold, big }: Extract<PrintedLine, { is: 'text' }>): string {
  return [bold ? 'dock-bold' : '', big ? 'dock-big' : ''].join(' ').trim();
}
