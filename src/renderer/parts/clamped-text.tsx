import { useLayoutEffect, useRef, useState } from 'react';
import { useSpeech } from '../speak.ts';

/** A title in two lines at most, and where that cuts it, a way to read on. */
export function ClampedText({ text }: { readonly text: string }) {
  const { words } = useSpeech();
  const shown = useRef<HTMLElement>(null);
  const [cut, setCut] = useState(false);
  const [whole, setWhole] = useState(false);

  useLayoutEffect(() => {
    const element = shown.current;
    if (element === null || whole) return undefined;
    const measure = (): void => setCut(element.scrollHeight > element.clientHeight + 1);
    measure();
    window.addEventListener('resize', measure);
    // A font that arrives late changes the lines.
    void document.fonts?.ready.then(measure);
    return () => window.removeEventListener('resize', measure);
  }, [text, whole]);

  return (
    <div className="title">
      <bdi ref={shown} className={whole ? 'title-text' : 'title-text clamped'}>
        {text}
      </bdi>
      {cut ? (
        <button
          type="button"
          className="read-on"
          aria-expanded={whole}
          aria-label={`${words(whole ? 'button.readLess' : 'button.readOn')}: ${text}`}
          onClick={() => setWhole(!whole)}
        >
          {words(whole ? 'button.readLess' : 'button.readOn')}
        </button>
      ) : null}
    </div>
  );
}
