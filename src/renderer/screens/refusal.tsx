import type { Screen } from '../../shared/view.ts';
import { Button } from '../parts/buttons.tsx';
import { GoTo } from '../parts/go-on.tsx';
import { RefusalNote } from '../parts/refusal-note.tsx';
import { HandsHelp } from '../pictures/hands-help.tsx';
import { useSend, useSpeech } from '../speak.ts';

/** A refusal that fills the screen: the sentence is its cause, the rest says how to go on. */
export function RefusalScreen({ screen }: { readonly screen: Extract<Screen, { name: 'refusal' }> }) {
  const { words } = useSpeech();
  const send = useSend();
  return (
    <>
      <div className="work picture-work">
        <RefusalNote refusal={screen.refusal} withCause={false} />
        <HandsHelp />
      </div>
      <section className="hand strip">
        <GoTo services={screen.stillOpen} />
        <Button kind="main" testId="dismiss" onPress={() => send({ do: 'dismiss' })}>
          {words('button.dismiss')}
        </Button>
      </section>
    </>
  );
}
