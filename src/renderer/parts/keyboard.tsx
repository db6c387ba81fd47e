import { useState, type ReactNode } from 'react';
import { BackspaceIcon, ShiftIcon } from '../pictures/icons.tsx';
import { useSpeech } from '../speak.ts';
import { Key } from './key.tsx';
import { capital, layers, type Layer } from './keyboard-layers.ts';

export interface KeyboardProps {
  /** `password` has small letters, capitals, accents and signs; `number` what card numbers are made of. */
  readonly kind: 'password' | 'number';
  readonly disabled?: boolean;
  readonly onKey: (key: string) => void;
  readonly onErase: () => void;
  /** Keys of the lowest row that belong to the screen. */
  readonly lowest: ReactNode;
}

/** A keyboard on the screen. It holds its layer and shift and nothing of what is typed. */
export function Keyboard({ kind, disabled = false, onKey, onErase, lowest }: KeyboardProps) {
  const { words } = useSpeech();
  const [layer, setLayer] = useState<Layer>('letters');
  const [shift, setShift] = useState(false);
  const capitals = kind === 'number' || (shift && layer !== 'signs');
  const press = (key: string): void => {
    onKey(key);
    setShift(false);
  };
  const rows = layers[layer];

  return (
    <div className="keyboard" role="group" aria-label={words('keys.board')}>
      {rows.map((row, index) => (
        <div key={`${layer}-${index}`} className="key-row">
          {index === rows.length - 1 && kind === 'password' && layer !== 'signs' ? (
            <Key
              label={words('keys.shift')}
              pressed={shift}
              disabled={disabled}
              onPress={() => setShift(!shift)}
            >
              <ShiftIcon />
            </Key>
          ) : null}
          {row.map((key) => {
            const shown = capitals ? capital(key) : key;
            const digit = /^\d$/.test(key) && kind === 'password';
            return (
              <Key
                key={key}
                disabled={disabled}
                {...(digit ? { testId: `pin-key-${key}` } : {})}
                onPress={() => press(shown)}
              >
                {shown}
              </Key>
            );
          })}
          {index === rows.length - 1 ? (
            <Key label={words('keys.erase')} className="wide" disabled={disabled} onPress={onErase}>
              <BackspaceIcon />
            </Key>
          ) : null}
        </div>
      ))}
      <div className="key-row lowest">
        {kind === 'password' ? (
          <>
            <LayerKey to="signs" face="#+=" now={layer} turn={setLayer} disabled={disabled} />
            <LayerKey to="accents" face="äěé" now={layer} turn={setLayer} disabled={disabled} />
            <Key label={words('keys.space')} className="space" disabled={disabled} onPress={() => press(' ')}>
              {' '}
            </Key>
          </>
        ) : null}
        {lowest}
      </div>
    </div>
  );
}

interface LayerKeyProps {
  readonly to: 'signs' | 'accents';
  readonly face: string;
  readonly now: Layer;
  readonly turn: (layer: Layer) => void;
  readonly disabled: boolean;
}

/** Turns to another layer, and from there back to the letters. */
function LayerKey({ to, face, now, turn, disabled }: LayerKeyProps) {
  const { words } = useSpeech();
  const there = now === to;
  return (
    <Key
      className="turn"
      label={words(there ? 'keys.letters' : `keys.${to}`)}
      disabled={disabled}
      onPress={() => turn(there ? 'letters' : to)}
    >
      {there ? 'abc' : face}
    </Key>
  );
}
