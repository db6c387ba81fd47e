import type { Message } from '../shared/message.ts';
import type { Screen, View } from '../shared/view.ts';
import type { MessageKey } from '../strings/keys.ts';

/** The one sentence of a screen: what to do now, or what is so. */
export function sentenceOf({ screen, reader }: Pick<View, 'screen' | 'reader'>): Message {
  switch (screen.name) {
    case 'home':
      return { key: 'home.sentence' };
    case 'card':
      return { key: 'card.sentence' };
    case 'pin':
      if (screen.checking) return { key: 'pin.checking' };
      return { key: screen.format === 'digits' ? 'pin.sentence' : 'pin.sentencePassword' };
    case 'borrow':
      if (screen.refusal !== undefined) return { key: 'borrow.sentenceRefused' };
      if (screen.items.length > 0) return { key: 'scan.sentenceMore' };
      return { key: reader === undefined ? 'borrow.sentence' : 'reader.place' };
    case 'return':
      if (screen.items.length > 0) return { key: 'scan.sentenceMore' };
      return { key: reader === undefined ? 'return.sentence' : 'reader.place' };
    case 'account':
      return { key: accountSentence(screen) };
    case 'finished':
      return { key: 'finished.sentence' };
    case 'refusal':
      return screen.refusal.cause;
    case 'outOfService':
      return { key: 'oos.sentence' };
  }
}

function accountSentence(account: Extract<Screen, { name: 'account' }>): MessageKey {
  const { loading, problem, loans, holds, fees, feeTotal } = account;
  if (loading) return 'account.sentenceLoading';
  const nothing = loans.length + holds.length + fees.length === 0 && feeTotal === undefined;
  return problem !== undefined && nothing ? 'account.sentenceAway' : 'account.sentence';
}
