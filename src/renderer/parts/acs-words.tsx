import type { AcsText } from '../../shared/values.ts';
import { useSpeech } from '../speak.ts';

/** Of the words of a refusal those that the station does not say in its own: their meaning is the cause that stands there. */
export function unexplained(texts: readonly AcsText[]): AcsText[] {
  return texts.filter(({ meaning }) => meaning === undefined);
}

/**
 * Words of the library system, quoted and named as its own: plain text in whatever language and direction it is
 * written, kept apart from what stands around it. Greetings are left out.
 */
export function AcsWords({ texts }: { readonly texts: readonly AcsText[] }) {
  const { words } = useSpeech();
  const shown = texts.filter(({ meaning }) => meaning !== 'nothing');
  if (shown.length === 0) return null;
  return (
    <figure className="acs-words">
      <figcaption>{words('acs.says')}</figcaption>
      {shown.map(({ acs }, index) => (
        <blockquote key={index} dir="auto" lang="">
          {acs}
        </blockquote>
      ))}
    </figure>
  );
}
