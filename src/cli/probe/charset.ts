import { isUtf8 } from 'node:buffer';
import { charsetNamed } from '../../sip2/dialect.ts';

/** The character sets that library systems use, the likelier first. */
const candidates = ['iso-8859-1', 'cp850', 'iso-8859-2', 'windows-1250', 'cp852', 'windows-1252'] as const;

/** Letters of the languages of the north and of Central Europe. */
const letters = /[äöåæøéèêàüßáíóúýčďěňřšťůžąćęłńóśźżÄÖÅÆØÉÈÀÜÁÍÓÚÝČĎĚŇŘŠŤŮŽĄĆĘŁŃŚŹŻ’–€]/u;

/**
 * The character set in which the bytes make most sense, or undefined where there is nothing beyond ASCII to tell by.
 * A guess among the old ones: it counts letters that people write and dislikes signs that nobody does.
 */
export function charsetOf(lines: readonly Buffer[]): string | undefined {
  const telling = lines.filter((line) => line.some((byte) => byte > 0x7f));
  if (telling.length === 0) return undefined;
  if (telling.every((line) => isUtf8(line))) return 'utf-8';
  let best: { readonly name: string; readonly score: number } | undefined;
  for (const name of candidates) {
    const score = scoreOf(name, telling);
    if (best === undefined || score > best.score) best = { name, score };
  }
  return best?.name;
}

function scoreOf(name: string, lines: readonly Buffer[]): number {
  const charset = charsetNamed(name);
  if (charset === undefined) return Number.NEGATIVE_INFINITY;
  let score = 0;
  for (const line of lines) {
    for (const character of charset.decode(line).text) {
      if (character.charCodeAt(0) <= 0x7f) continue;
      score += letters.test(character) ? 1 : -1;
    }
  }
  return score;
}

/** Whether letters and their marks come apart (NFD). */
export function comesApart(lines: readonly Buffer[]): boolean {
  return lines.some((line) => {
    const text = line.toString('utf8');
    return isUtf8(line) && text !== text.normalize('NFC');
  });
}
