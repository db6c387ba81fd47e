import type { ReactNode } from 'react';
import { BackspaceIcon } from '../pictures/icons.tsx';
import { useSpeech } from '../speak.ts';
import { Key } from './key.tsx';

export interface DigitPadProps {
  readonly disabled?: boolean;
  readonly onKey: (digit: string) => void;
  readonly onErase: () => void;
  /** Begins the test ids of the digits, where they have one. */
  readonly testIds?: string;
  /** The key beside the nought. */
  readonly corner: ReactNode;
}

/** Ten digits in the order of a telephone, as people know it from door and bank. */
export function DigitPad({ disabled = false, onKey, onErase, testIds, corner }: DigitPadProps) {
  const { words } = useSpeech();
  const digit = (face: string): ReactNode => (
    <Key
      key={face}
      disabled={disabled}
      {...(testIds === undefined ? {} : { testId: `${testIds}-${face}` })}
      onPress={() => onKey(face)}
    >
      {face}
    </Key>
  );
  return (
    <div className="digit-pad" role="group" aria-label={words('keys.board')}>
      {[...'123456789'].map(digit)}
      {corner}
      {digit('0')}
      <Key label={words('keys.erase')} disabled={disabled} onPress={onErase}>
        <BackspaceIcon />
      </Key>
    </div>
  );
}
