import type { HoldAct, ItemRow } from '../../shared/view.ts';
import { useSend, useSpeech } from '../speak.ts';
import { AcsWords, unexplained } from './acs-words.tsx';
import { Button } from './buttons.tsx';

/** What came of a hold that was asked for, in words. */
export function HoldOutcome({ act }: { readonly act: HoldAct }) {
  const { say } = useSpeech();
  switch (act.state) {
    case 'possible':
    case 'resting':
      return null;
    case 'pending':
    case 'done':
    case 'attention':
      return (
        <p className="verdict" data-hold={act.state}>
          {say(act.message)}
        </p>
      );
    case 'refused':
      return (
        <div className="row-refusal" data-testid="refusal" data-rule={act.refusal.rule}>
          <p className="verdict">{say(act.message)}</p>
          <p className="cause">{say(act.refusal.cause)}</p>
          <p className="next">{say(act.refusal.next)}</p>
          <AcsWords texts={unexplained(act.refusal.acsText)} />
        </div>
      );
  }
}

/** What the act asks a look for; one that is only offered asks for none. */
export function tintOf(act: HoldAct | undefined): 'pending' | 'done' | 'refused' | 'attention' | undefined {
  return act === undefined || act.state === 'possible' || act.state === 'resting' ? undefined : act.state;
}

/** Waiting for an item that cannot be had now: the offer, and what came of it. */
export function PlaceHold({ row, hold }: { readonly row: ItemRow; readonly hold: HoldAct }) {
  const { words } = useSpeech();
  const send = useSend();
  return (
    <div className="hold-offer" data-state={hold.state} data-tint={tintOf(hold) ?? 'none'}>
      <HoldOutcome act={hold} />
      {hold.state === 'resting' ? <p className="due">{words('borrow.holdResting')}</p> : null}
      {hold.state === 'possible' || hold.state === 'refused' ? (
        <Button
          kind="plain"
          testId="hold-place"
          label={words('borrow.holdPlaceNamed', { title: row.title ?? row.item })}
          onPress={() => send({ do: 'askPlaceHold', item: row.item })}
        >
          {words('borrow.holdPlace')}
        </Button>
      ) : null}
    </div>
  );
}
