import type { ReactNode } from 'react';

export interface KeyProps {
  readonly children: ReactNode;
  readonly onPress: () => void;
  readonly label?: string;
  readonly testId?: string;
  readonly className?: string;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
}

/** A key of an on-screen pad. A touch does not move the focus to it, so a real keyboard beside it keeps working. */
export function Key({
  children,
  onPress,
  label,
  testId,
  className = '',
  pressed,
  disabled = false,
}: KeyProps) {
  return (
    <button
      type="button"
      className={`key ${className}`}
      aria-label={label}
      aria-pressed={pressed}
      data-testid={testId}
      disabled={disabled}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPress}
    >
      {children}
    </button>
  );
}
