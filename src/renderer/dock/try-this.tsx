import { useState } from 'react';
import { tries, type TryName } from './tries.ts';

/** What to try first. It goes on by itself to what has not been tried, unless one is chosen. */
export function TryThis({ tried }: { readonly tried: readonly TryName[] }) {
  const [chosen, setChosen] = useState<TryName>();
  const next = tries.find(({ name }) => !tried.includes(name));
  const shown = tries.find(({ name }) => name === chosen) ?? next;
  return (
    <section className="dock-try" aria-label="Try this">
      <div className="dock-try-list" role="group" aria-label="Things to try">
        {tries.map(({ name, label }) => (
          <button
            key={name}
            type="button"
            className="dock-chip"
            data-testid={`dock-try-${name}`}
            data-done={tried.includes(name)}
            aria-pressed={shown?.name === name}
            onClick={() => setChosen(chosen === name ? undefined : name)}
          >
            {label}
            {tried.includes(name) ? <span className="out-of-sight"> (done)</span> : null}
          </button>
        ))}
      </div>
      <p className="dock-try-words" data-testid="dock-try-words">
        {shown?.words ?? 'That was all of it. What else can be broken is among the faults.'}
      </p>
    </section>
  );
}
