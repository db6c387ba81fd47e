import type { ReactNode, Ref } from 'react';

export interface ButtonProps {
  /** `main` is the one thing to press; `plain` what else can be done; `quiet` the way out. */
  readonly kind: 'main' | 'plain' | 'quiet';
  readonly testId?: string;
  readonly label?: string;
  readonly disabled?: boolean;
  readonly focusRef?: Ref<HTMLButtonElement>;
  readonly onPress: () => void;
  readonly children: ReactNode;
}

export function Button({ kind, testId, label, disabled = false, focusRef, onPress, children }: ButtonProps) {
  return (
    <button
      type="button"
      className={`button ${kind}`}
      data-testid={testId}
      aria-label={label}
      disabled={disabled}
      ref={focusRef}
      onClick={onPress}
    >
      {children}
    </button>
  );
}
