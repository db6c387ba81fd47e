import { createHash } from 'node:crypto';
import type { Log } from '../kernel/log.ts';
import type { AcsText } from '../shared/values.ts';
import type { MessageCode } from '../sip2/messages.ts';
import { meaningOf, type Profile } from '../sip2/profiles/profile.ts';

/** Unknown texts that are remembered, so that each is logged once. */
const fingerprintsMax = 500;

/**
 * What the texts of the library system mean, as far as its profile knows. A text that it does not know is logged once, by
 * length and fingerprint only: it may name a patron ("not checked out to …" does). Its words stand, sealed, with the
 * transaction.
 */
export class AcsWords {
  readonly #profile: Profile;
  readonly #log: Log;
  readonly #seen = new Set<string>();

  constructor(profile: Profile, log: Log) {
    this.#profile = profile;
    this.#log = log;
  }

  /** The answer with the meaning of each of its texts. */
  explain<T>(code: MessageCode, value: T): T {
    if (!hasWords(value)) return value;
    return { ...value, acsText: value.acsText.map((text) => this.#explained(code, text)) };
  }

  #explained(code: MessageCode, text: AcsText): AcsText {
    const meaning = meaningOf(this.#profile, text.acs, code);
    if (meaning !== undefined) return { ...text, meaning };
    if (text.meaning === undefined) this.#note(code, text.acs);
    return text;
  }

  #note(code: MessageCode, text: string): void {
    const fingerprint = fingerprintOf(text);
    if (this.#seen.has(fingerprint) || this.#seen.size >= fingerprintsMax) return;
    this.#seen.add(fingerprint);
    this.#log.write('info', 'acs.unknownText', { code, fingerprint, count: text.length });
  }
}

function hasWords(value: unknown): value is { readonly acsText: readonly AcsText[] } {
  return typeof value === 'object' && value !== null && 'acsText' in value && Array.isArray(value.acsText);
}

/** Names a text without telling it: of too few digits to be led back to a name. Numbers in it do not count. */
export function fingerprintOf(text: string): string {
  const plain = text.trim().toLowerCase().replace(/\d+/g, '0');
  return createHash('sha256').update(plain).digest('hex').slice(0, 6);
}
