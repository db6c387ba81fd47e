import type { HoldRow } from '../../shared/view.ts';
import type { MessageKey } from '../../strings/keys.ts';
import { NoSign, Sign } from '../pictures/icons.tsx';
import { useSend, useSpeech } from '../speak.ts';
import { Button } from './buttons.tsx';
import { ClampedText } from './clamped-text.tsx';
import { HoldOutcome, tintOf } from './hold-act.tsx';

/** Something that the patron waits for: where it stands, and giving it up. */
export function HoldLine({ hold }: { readonly hold: HoldRow }) {
  const { words } = useSpeech();
  const tint = tintOf(hold.cancel) ?? (hold.ready ? 'done' : undefined);
  const cancelled = hold.cancel?.state === 'done';
  return (
    <li
      className="row"
      data-testid="hold-row"
      data-item={hold.item}
      data-state={hold.cancel?.state ?? 'none'}
      data-tint={tint ?? 'none'}
    >
      {tint === undefined ? <NoSign /> : <Sign state={tint} />}
      <div className="row-words">
        <ClampedText text={hold.title ?? hold.item} />
        {cancelled ? null : <Standing hold={hold} />}
        {hold.cancel === undefined ? null : <HoldOutcome act={hold.cancel} />}
      </div>
      <Cancel hold={hold} />
      {hold.cancel?.state === 'resting' ? <p className="resting">{words('account.holdResting')}</p> : null}
    </li>
  );
}

/** How far the hold is: ready, or where in the queue, and until when. */
function Standing({ hold }: { readonly hold: HoldRow }) {
  const { words } = useSpeech();
  const { ready, kind, expires, position, pickup } = hold;
  return (
    <>
      {ready ? (
        <p className="verdict">
          {expires === undefined
            ? words('account.holdReady')
            : words('account.holdReadyUntil', { due: { due: expires } })}
        </p>
      ) : (
        <p className="due">
          {position === undefined ? words(waitingKey(kind)) : words('account.holdPosition', { position })}
        </p>
      )}
      {ready || expires === undefined ? null : (
        <p className="due">{words('account.holdWaitingUntil', { due: { due: expires } })}</p>
      )}
      {pickup === undefined ? null : (
        <p className="due">
          {words('account.holdPickup')} <bdi className="pickup-place">{pickup.acs}</bdi>
        </p>
      )}
    </>
  );
}

function waitingKey(kind: HoldRow['kind']): MessageKey {
  if (kind === 'order') return 'account.holdOrder';
  return kind === 'interlibrary' ? 'account.holdInterlibrary' : 'account.holdWaiting';
}

function Cancel({ hold }: { readonly hold: HoldRow }) {
  const { words } = useSpeech();
  const send = useSend();
  // After a "no" it may be tried again.
  if (hold.cancel?.state !== 'possible' && hold.cancel?.state !== 'refused') return null;
  return (
    <Button
      kind="plain"
      testId="hold-cancel"
      label={words('account.holdCancelNamed', { title: hold.title ?? hold.item })}
      onPress={() => send({ do: 'askCancelHold', item: hold.item })}
    >
      {words('account.holdCancel')}
    </Button>
  );
}
