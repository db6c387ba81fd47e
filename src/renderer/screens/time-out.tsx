import { useEffect, useRef } from 'react';
import { Button } from '../parts/buttons.tsx';
import { useSend, useSpeech } from '../speak.ts';

/** "Are you still there?", over everything. It goes when the station says so, and with the session it belongs to. */
export function TimeOut({ secondsLeft }: { readonly secondsLeft: number }) {
  const { words } = useSpeech();
  const send = useSend();
  const stay = useRef<HTMLButtonElement>(null);
  useEffect(() => stay.current?.focus(), []);
  return (
    <div
      className="over-all"
      role="alertdialog"
      aria-modal="true"
      aria-labelledby="time-out"
      aria-describedby="time-left"
    >
      <div className="dialog">
        <h2 id="time-out">{words('timeout.sentence')}</h2>
        <p id="time-left" role="timer">
          {words('timeout.seconds', { count: secondsLeft })}
        </p>
        <Button kind="main" testId="timeout-stay" focusRef={stay} onPress={() => send({ do: 'stay' })}>
          {words('timeout.stay')}
        </Button>
        <Button kind="plain" testId="timeout-leave" onPress={() => send({ do: 'leave' })}>
          {words('timeout.leave')}
        </Button>
      </div>
    </div>
  );
}
