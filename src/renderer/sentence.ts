import type { Message } from '../shared/message.ts';
import type { Screen } from '../shared/view.ts';

/** The one sentence of a screen: what to do now, or what is so. */
export function sentenceOf(screen: Screen): Message {
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
      return { key: screen.items.length === 0 ? 'borrow.sentence' : 'scan.sentenceMore' };
    case 'return':
      return { key: screen.items.length === 0 ? 'return.sentence' : 'scan.sentenceMore' };
    case 'account':
      return { key: screen.loading ? 'account.sentenceLoading' : 'account.sentence' };
    case 'finished':
      return { key: 'finished.sentence' };
    case 'refusal':
      return screen.refusal.cause;
    case 'outOfService':
      return { key: 'oos.sentence' };
  }
}
