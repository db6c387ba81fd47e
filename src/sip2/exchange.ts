import { firstField, type Decoded } from './decode.ts';

/** What is known of a request that waits for its answer. */
export interface ExchangeState {
  /** The code that answers it. */
  readonly answer: string;
  /** Sending it again, under a new number, changes nothing at the ACS. */
  readonly asks: boolean;
  /** The same bytes may be sent again when no answer comes. */
  readonly resendable: boolean;
  /** Whom and what the request is about, where it names them. */
  readonly about: About;
  /** AY of the request, where error detection is on. */
  readonly sequence: number | undefined;
  /** How often it was sent again, after 96 or after a 98 in place of its answer. */
  readonly resent: number;
  /** How often 97 was sent for its answer. */
  readonly requests97: number;
  /** The last thing sent was 97. */
  readonly after97: boolean;
  /** Lines that were no answer to anything. */
  readonly garbage: number;
}

export interface About {
  readonly patron?: string | undefined;
  readonly item?: string | undefined;
}

export type Verdict =
  | { readonly do: 'answer' }
  /** Not for this request: keep waiting. */
  | { readonly do: 'discard'; readonly why: string; readonly garbage: boolean }
  /** The same bytes again. */
  | { readonly do: 'retransmit' }
  /** The same request under a new number. */
  | { readonly do: 'sendAnew' }
  /** Ask for the answer once more. */
  | { readonly do: 'send97' }
  /** The exchange has failed; what happened at the ACS is unknown. */
  | { readonly do: 'fail'; readonly reason: string };

/** What holds for every exchange of a connection. */
export interface ExchangeRules {
  readonly errorDetection: boolean;
  /** The ACS has sent right checksums on this connection, so an answer without one has lost it. */
  readonly checksumExpected: boolean;
  readonly retriesMax: number;
}

/** Lines without sense within one exchange before the connection is given up. */
export const garbageLinesMax = 3;

/**
 * What a line means for the request that waits: the rules of 2.12 for the SC, "Error detection", and some of our
 * own. A 98 in place of the answer to a request that changes something is not followed by the request again: whether it
 * took effect is asked first. A wrong checksum counts only where error detection is on; what may be sent again is then
 * preferred to 97, which some library systems answer with another terminal’s last answer. Without AY an answer about
 * another item or patron is a late or repeated one.
 */
export function judge(exchange: ExchangeState, message: Decoded, rules: ExchangeRules): Verdict {
  const { errorDetection, retriesMax } = rules;
  if (errorDetection && isBroken(message, rules)) {
    if (exchange.resendable && exchange.resent < retriesMax) return { do: 'retransmit' };
    return exchange.requests97 < retriesMax ? { do: 'send97' } : { do: 'fail', reason: 'wrong checksum' };
  }
  if (message.code === '96') {
    if (exchange.after97) return { do: 'fail', reason: '96 in answer to 97' };
    return exchange.resent < retriesMax ? { do: 'retransmit' } : { do: 'fail', reason: '96 too often' };
  }
  if (message.code === undefined) return garbage(exchange, 'no message of SIP2');
  if (errorDetection && message.sequence !== undefined && message.sequence !== exchange.sequence) {
    return { do: 'discard', why: 'wrong sequence number', garbage: false };
  }
  if (message.code === exchange.answer) {
    return message.sequence === undefined && isAboutAnother(exchange.about, message)
      ? { do: 'discard', why: 'answer about another item or patron', garbage: false }
      : { do: 'answer' };
  }
  if (message.code === '98') {
    const again = exchange.asks && exchange.resent < retriesMax && message.fixed.onLineStatus !== 'N';
    return again ? { do: 'sendAnew' } : { do: 'fail', reason: '98 in place of the answer' };
  }
  return garbage(exchange, 'answer of another kind');
}

/** The item tells most; the patron is compared where no item is named. Some write a kind before the number, `LN:123`. */
function isAboutAnother({ item, patron }: About, message: Decoded): boolean {
  const [id, asked] = item === undefined ? (['AA', patron] as const) : (['AB', item] as const);
  const told = firstField(message, id)?.trim() ?? '';
  return asked !== undefined && told !== '' && !told.toLowerCase().endsWith(asked.trim().toLowerCase());
}

function isBroken(message: Decoded, { checksumExpected }: ExchangeRules): boolean {
  if (message.checksum === 'wrong') return true;
  // A 96 may come bare, and of what is no message of SIP2 nothing can be said.
  return (
    checksumExpected && message.checksum === 'absent' && message.code !== '96' && message.code !== undefined
  );
}

/** A line that makes no sense: waited through a few times, then the connection is not to be trusted. */
export function garbage(exchange: ExchangeState, why: string): Exclude<Verdict, { do: 'answer' }> {
  if (exchange.garbage + 1 >= garbageLinesMax) return { do: 'fail', reason: why };
  return { do: 'discard', why, garbage: true };
}
