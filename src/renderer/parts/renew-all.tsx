import type { RenewAllState } from '../../shared/view.ts';
import { useSend, useSpeech } from '../speak.ts';
import { Button } from './buttons.tsx';

/** "Renew all", how far it is, and what came of it; the reasons stand with each loan. */
export function RenewAll({ renewAll }: { readonly renewAll: RenewAllState }) {
  const { words } = useSpeech();
  const send = useSend();
  if (renewAll.state === 'possible') {
    return (
      <Button kind="plain" testId="renew-all" onPress={() => send({ do: 'renewAll' })}>
        {words('account.renewAll', { number: renewAll.count })}
      </Button>
    );
  }
  return (
    <p className="renew-all" role="status" data-state={renewAll.state}>
      {sentence(renewAll, words)}
    </p>
  );
}

function sentence(
  renewAll: Exclude<RenewAllState, { state: 'possible' }>,
  words: ReturnType<typeof useSpeech>['words'],
): string {
  if (renewAll.state === 'running')
    return words('account.renewAllRunning', { done: renewAll.done, number: renewAll.count });
  const { renewed, others } = renewAll;
  return others === 0 ? words('account.renewAllDone') : words('account.renewAllPartly', { renewed, others });
}
