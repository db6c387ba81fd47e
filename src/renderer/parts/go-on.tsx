import type { Service, View } from '../../shared/view.ts';
import { ServiceIcon } from '../pictures/icons.tsx';
import { useSend, useSpeech } from '../speak.ts';
import { Button } from './buttons.tsx';

/** The services that can be gone to from here, as lesser buttons side by side. */
export function GoTo({ services }: { readonly services: readonly Service[] }) {
  const { words } = useSpeech();
  const send = useSend();
  if (services.length === 0) return null;
  return (
    <nav className="go-to" aria-label={words('bar.goTo')}>
      {services.map((service) => (
        <Button
          key={service}
          kind="plain"
          testId={`goto-${service}`}
          onPress={() => send({ do: 'chooseService', service })}
        >
          <ServiceIcon service={service} />
          <span>{words(`service.${service}`)}</span>
        </Button>
      ))}
    </nav>
  );
}

/** The way out of a screen: finishing where something can be finished, else back to the start. */
export function FinishOrLeave({ view }: { readonly view: View }) {
  const { words } = useSpeech();
  const send = useSend();
  if (!view.canFinish) return <Leave />;
  return (
    <>
      <Button kind="main" testId="finish" onPress={() => send({ do: 'finish', receipt: false })}>
        {words('button.finish')}
      </Button>
      <ReceiptChoice offer={view.receipt} />
    </>
  );
}

/** The ways out that give a receipt; the patron chooses whether titles stand on it, where the library leaves it to them. */
function ReceiptChoice({ offer }: { readonly offer: View['receipt'] }) {
  const { words } = useSpeech();
  const send = useSend();
  if (offer === undefined) return null;
  if (offer === 'asItIs')
    return (
      <Button kind="plain" testId="finish-receipt" onPress={() => send({ do: 'finish', receipt: true })}>
        {words('button.finishReceipt')}
      </Button>
    );
  return (
    <div className="go-to" role="group" aria-label={words('button.finishReceipt')}>
      <Button
        kind="plain"
        testId="finish-receipt"
        onPress={() => send({ do: 'finish', receipt: true, titles: true })}
      >
        {words('button.finishReceiptTitles')}
      </Button>
      <Button
        kind="plain"
        testId="finish-receipt-short"
        onPress={() => send({ do: 'finish', receipt: true, titles: false })}
      >
        {words('button.finishReceiptShort')}
      </Button>
    </div>
  );
}

export function Leave() {
  const { words } = useSpeech();
  const send = useSend();
  return (
    <Button kind="quiet" testId="leave" onPress={() => send({ do: 'leave' })}>
      {words('button.leave')}
    </Button>
  );
}
