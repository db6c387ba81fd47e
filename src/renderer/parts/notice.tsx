import type { Notice } from '../../shared/view.ts';
import { Sign } from '../pictures/icons.tsx';
import { useSpeech } from '../speak.ts';

const stateOfTone = { yes: 'done', no: 'refused', attention: 'attention' } as const;

/** The passing word. The place it is read out from is always there; a new id makes the same word anew. */
export function NoticeWord({ notice }: { readonly notice: Notice | undefined }) {
  const { say } = useSpeech();
  return (
    <div className="notice-place" role="status">
      {notice === undefined ? null : (
        <p key={notice.id} className="notice" data-testid="notice" data-tone={notice.tone}>
          <Sign state={stateOfTone[notice.tone]} />
          <span>{say(notice.message)}</span>
        </p>
      )}
    </div>
  );
}
