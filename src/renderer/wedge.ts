import { WedgeFilter, type WedgeEvent, type WedgeSettings } from '../shared/wedge.ts';
import type { Browser } from './browser.ts';
import type { Page } from './store.ts';

/**
 * Listens for a scanner that types, where the station has one, before any part of the page hears a key. What a person
 * typed is done again when it is known to be theirs; what a scanner typed goes to the station as one scan.
 */
export function listenForWedge(page: Page, browser: Browser, target: Window): () => void {
  const again = new WeakSet<Event>();
  let settings: WedgeSettings | undefined;
  let filter: WedgeFilter | undefined;
  let cancelPause = (): void => {};

  const done = (events: readonly WedgeEvent[]): void => {
    for (const event of events) {
      if (event.kind === 'typed') typeAgain(target, event.key, again);
      else page.send({ do: 'wedge', text: event.text, ended: event.ended });
    }
  };
  const hear = (event: KeyboardEvent): void => {
    if (again.has(event)) return;
    const wanted = page.state.getState().view?.wedge;
    if (wanted === undefined) return;
    if (filter === undefined || !isSame(settings, wanted)) filter = new WedgeFilter((settings = wanted));
    const current = filter;
    cancelPause();
    const verdict = current.press({
      key: event.key,
      atMs: event.timeStamp,
      chord: isChord(event),
      repeat: event.repeat,
    });
    if (!verdict.pass) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    done(verdict.events);
    if (current.holds) cancelPause = browser.after(current.holdMs, () => done(current.pause()));
  };
  target.addEventListener('keydown', hear, { capture: true });
  return () => {
    cancelPause();
    target.removeEventListener('keydown', hear, { capture: true });
  };
}

function isSame(a: WedgeSettings | undefined, b: WedgeSettings): boolean {
  return a !== undefined && a.gapMsMax === b.gapMsMax && a.keysMin === b.keysMin && a.suffix === b.suffix;
}

function isChord(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState('AltGraph');
}

/** Does what the key would have done: the page hears it, and unless it says otherwise the browser’s own part follows. */
function typeAgain(target: Window, key: string, again: WeakSet<Event>): void {
  const { document } = target;
  const at = document.activeElement ?? document.body;
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
  again.add(event);
  if (!at.dispatchEvent(event)) return;
  if (key === 'Tab') return focusNext(document, at);
  if (at instanceof HTMLInputElement) return typeInto(at, key);
  if (at instanceof HTMLElement && (key === 'Enter' || key === ' ')) at.click();
}

function typeInto(field: HTMLInputElement, key: string): void {
  const start = field.selectionStart ?? field.value.length;
  const end = field.selectionEnd ?? start;
  if (key === 'Enter') return field.form?.requestSubmit();
  if (key === 'Backspace') field.setRangeText('', start === end ? Math.max(0, start - 1) : start, end, 'end');
  else if (key === 'Delete') field.setRangeText('', start, start === end ? end + 1 : end, 'end');
  else if ([...key].length !== 1 || isFull(field, end - start)) return;
  else field.setRangeText(key, start, end, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

function isFull(field: HTMLInputElement, selected: number): boolean {
  return field.maxLength >= 0 && field.value.length - selected >= field.maxLength;
}

const focusable = 'a[href], button:not(:disabled), input:not(:disabled), [tabindex]';

function focusNext(document: Document, at: Element): void {
  const all = [...document.querySelectorAll<HTMLElement>(focusable)].filter(
    (element) => (element.tabIndex >= 0 || element === at) && element.closest('[inert]') === null,
  );
  const reachable = all.filter((element) => element.tabIndex >= 0);
  const behind = reachable.find(
    (element) => (at.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0,
  );
  (behind ?? reachable[0])?.focus();
}
