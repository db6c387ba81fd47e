import { useState, type SyntheticEvent } from 'react';
import { cardNumberCharsMax } from '../../shared/values.ts';
import type { Screen } from '../../shared/view.ts';
import { DigitPad } from '../parts/digit-pad.tsx';
import { Leave } from '../parts/go-on.tsx';
import { Key } from '../parts/key.tsx';
import { Keyboard } from '../parts/keyboard.tsx';
import { RefusalNote } from '../parts/refusal-note.tsx';
import { CardToScanner } from '../pictures/card-to-scanner.tsx';
import { useSend, useSpeech } from '../speak.ts';

/** The card is shown to the scanner, or its number typed. The number is here alone until it is submitted. */
export function Card({ screen }: { readonly screen: Extract<Screen, { name: 'card' }> }) {
  const { words } = useSpeech();
  const send = useSend();
  const [number, setNumber] = useState('');
  const [board, setBoard] = useState<'digits' | 'letters'>('digits');

  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (number.trim() === '') return;
    send({ do: 'submitCardNumber', number: number.trim() });
    setNumber('');
  };
  const add = (key: string): void => setNumber((typed) => (typed + key).slice(0, cardNumberCharsMax));
  const erase = (): void => setNumber((typed) => typed.slice(0, -1));
  const turn = (
    <Key
      className="turn"
      label={words(board === 'digits' ? 'keys.letters' : 'keys.digits')}
      onPress={() => setBoard(board === 'digits' ? 'letters' : 'digits')}
    >
      {board === 'digits' ? 'ABC' : '123'}
    </Key>
  );

  return (
    <>
      <div className="work picture-work">
        {screen.refusal === undefined ? null : <RefusalNote refusal={screen.refusal} />}
        <CardToScanner />
      </div>
      <section className="hand">
        <form className="entry" onSubmit={submit}>
          <label className="entry-label" htmlFor="card-number">
            {words('card.hint')}
          </label>
          <div className="entry-line">
            <input
              id="card-number"
              className="entry-field"
              data-testid="card-number-entry"
              aria-label={words('card.number')}
              type="text"
              inputMode="none"
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              maxLength={cardNumberCharsMax}
              value={number}
              onChange={(event) => setNumber(event.target.value)}
            />
            <button
              type="submit"
              className="button main"
              data-testid="card-number-submit"
              disabled={number.trim() === ''}
            >
              {words('card.submit')}
            </button>
          </div>
        </form>
        {board === 'digits' ? (
          <DigitPad onKey={add} onErase={erase} corner={turn} />
        ) : (
          <Keyboard kind="number" onKey={add} onErase={erase} lowest={turn} />
        )}
        <Leave />
      </section>
    </>
  );
}
