import type { Refusal } from '../../shared/view.ts';
import { Sign } from '../pictures/icons.tsx';
import { useSpeech } from '../speak.ts';
import { AcsWords, unexplained } from './acs-words.tsx';

/** Why something was not done, what to do now and what still works. `withCause` is off where the sentence says it. */
export function RefusalNote({
  refusal,
  withCause = true,
}: {
  readonly refusal: Refusal;
  readonly withCause?: boolean;
}) {
  const { say, words } = useSpeech();
  return (
    <div className="refusal" data-testid="refusal" data-rule={refusal.rule} role="alert">
      <Sign state="refused" />
      <div className="refusal-words">
        {withCause ? <p className="cause">{say(refusal.cause)}</p> : null}
        <p className="next">{say(refusal.next)}</p>
        {refusal.stillWorks === undefined ? null : <p className="still-works">{say(refusal.stillWorks)}</p>}
        <AcsWords texts={unexplained(refusal.acsText)} />
        <p className="source">
          {words(refusal.source === 'acs' ? 'refusal.saidByAcs' : 'refusal.saidByStation')}
        </p>
      </div>
    </div>
  );
}
