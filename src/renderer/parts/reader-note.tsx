import type { ReaderCount } from '../../shared/view.ts';
import type { MessageKey } from '../../strings/keys.ts';
import { Sign } from '../pictures/icons.tsx';
import { useSpeech } from '../speak.ts';

/** What is asked of whoever stands there; the first that holds. */
function questionOf(reader: ReaderCount): MessageKey | undefined {
  if (reader.tooMany) return 'reader.tooMany';
  if (reader.doubtful > 0) return 'reader.doubtful';
  if (reader.reading > 0) return 'reader.reading';
  return reader.strange > 0 ? 'reader.strange' : undefined;
}

/** The live count of what lies on the reader, and a question where it flickers. Nothing where there is no reader. */
export function ReaderNote({ reader }: { readonly reader: ReaderCount | undefined }) {
  const { words } = useSpeech();
  if (reader === undefined) return null;
  const question = questionOf(reader);
  return (
    <div
      className="reader-note"
      role="status"
      data-testid="reader"
      data-items={reader.items}
      data-reading={reader.reading}
    >
      {reader.items === 0 ? null : <p>{words('reader.items', { count: reader.items })}</p>}
      {question === undefined ? null : (
        <p className="question">
          <Sign state={question === 'reader.reading' ? 'pending' : 'attention'} />
          <span>{words(question)}</span>
        </p>
      )}
    </div>
  );
}
