import { useEffect } from 'react';
import type { IntentAct } from '../../shared/intent.ts';
import type { Screen } from '../../shared/view.ts';
import { Button } from '../parts/buttons.tsx';
import { DigitPad } from '../parts/digit-pad.tsx';
import { Leave } from '../parts/go-on.tsx';
import { Key } from '../parts/key.tsx';
import { Keyboard } from '../parts/keyboard.tsx';
import { RefusalNote } from '../parts/refusal-note.tsx';
import { CardAndLock } from '../pictures/card-and-lock.tsx';
import { useSend, useSpeech } from '../speak.ts';

type PinScreen = Extract<Screen, { name: 'pin' }>;

/** Places shown for a password, whose length nobody is to guess from them. */
const placesMax = 16;

/** Each key goes to the station by itself; the page knows how many there were and not which. */
export function Pin({ screen }: { readonly screen: PinScreen }) {
  const { words } = useSpeech();
  const send = useSend();
  const { format, checking } = screen;
  useRealKeyboard(format, checking, send);

  const press = (key: string): void => send({ do: 'pinKey', key });
  const erase = (): void => send({ do: 'pinErase' });
  const clear = (
    <Key className="turn" testId="pin-clear" disabled={checking} onPress={() => send({ do: 'pinClear' })}>
      {words('pin.clear')}
    </Key>
  );
  const enter = (
    <Button
      kind="main"
      testId="pin-enter"
      disabled={checking || screen.entered === 0}
      onPress={() => send({ do: 'pinEnter' })}
    >
      {words('pin.enter')}
    </Button>
  );

  return (
    <>
      <div className="work pin-work picture-work">
        {screen.refusal === undefined ? null : <RefusalNote refusal={screen.refusal} />}
        <CardAndLock />
        <Places screen={screen} />
      </div>
      <section className={format === 'password' ? 'hand wide' : 'hand'}>
        {format === 'digits' ? (
          <>
            <DigitPad testIds="pin-key" disabled={checking} onKey={press} onErase={erase} corner={clear} />
            {enter}
          </>
        ) : (
          <Keyboard
            kind="password"
            disabled={checking}
            onKey={press}
            onErase={erase}
            lowest={
              <>
                {clear}
                {enter}
              </>
            }
          />
        )}
        <Leave />
      </section>
    </>
  );
}

/** A dot for each character that the station holds, and a ring for each that is still to come. */
function Places({ screen }: { readonly screen: PinScreen }) {
  const { words } = useSpeech();
  const filled = Math.min(screen.entered, placesMax);
  const total = Math.max(filled, Math.min(screen.length ?? 0, placesMax));
  return (
    <div className="places" role="status">
      <span className="out-of-sight">{words('pin.entered', { count: screen.entered })}</span>
      {Array.from({ length: total }, (_, place) => (
        <span key={place} className={place < filled ? 'place filled' : 'place'} />
      ))}
    </div>
  );
}

/** A real keyboard works as the pad does. No field has the focus, so nothing on the page holds what is typed. */
function useRealKeyboard(
  format: PinScreen['format'],
  checking: boolean,
  send: (act: IntentAct) => void,
): void {
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      const act = checking ? undefined : actOfKey(event, format);
      if (act === undefined) return;
      event.preventDefault();
      send(act);
    };
    window.addEventListener('keydown', hear);
    return () => window.removeEventListener('keydown', hear);
  }, [format, checking, send]);
}

function actOfKey(event: KeyboardEvent, format: PinScreen['format']): IntentAct | undefined {
  // A button reached with the tabulator is pressed with Enter or space; that key is the button's.
  const onButton = event.target instanceof HTMLButtonElement;
  if (event.key === 'Backspace') return { do: 'pinErase' };
  if (event.key === 'Enter') return onButton || event.repeat ? undefined : { do: 'pinEnter' };
  if ((event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState('AltGraph'))
    return undefined;
  if (event.key === ' ' && onButton) return undefined;
  const fits = format === 'digits' ? /^\d$/.test(event.key) : [...event.key].length === 1;
  return fits ? { do: 'pinKey', key: event.key } : undefined;
}
