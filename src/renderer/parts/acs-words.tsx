import type { AcsText } from '../../shared/values.ts';
import { useSpeech } from '../speak.ts';

/** Words of the library system, quoted and named as its own; plain text in whatever direction it is written. */
export function AcsWords({ texts }: { readonly texts: readonly AcsText[] }) {
  const { words } = useSpeech();
  if (texts.length === 0) return null;
  return (
    <figure className="acs-words">
      <figcaption>{words('acs.says')}</figcaption>
      {texts.map(({ acs }, index) => (
        <blockquote key={index} dir="auto">
          {acs}
        </blockquote>
      ))}
    </figure>
  );
}
