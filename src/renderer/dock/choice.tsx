import type { ReactNode } from 'react';

interface ChoiceProps {
  /** What the choice is of. */
  readonly label: string;
  readonly usual: { readonly label: string; readonly testId: string };
  readonly other: { readonly label: string; readonly testId: string };
  /** The other one is chosen. */
  readonly isOther: boolean;
  readonly onChoose: (isOther: boolean) => void;
  readonly children?: ReactNode;
}

/** One of two ways in which a pressed thing reaches the station. */
export function Choice({ label, usual, other, isOther, onChoose, children }: ChoiceProps) {
  return (
    <div className="dock-choice" role="group" aria-label={label}>
      {[usual, other].map((way) => (
        <button
          key={way.testId}
          type="button"
          className="dock-chip"
          data-testid={way.testId}
          aria-pressed={isOther === (way === other)}
          onClick={() => onChoose(way === other)}
        >
          {way.label}
        </button>
      ))}
      {children}
    </div>
  );
}
