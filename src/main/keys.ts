import type { Input } from 'electron';

/** Keys with a name that a form needs. Of the others only those that write one character pass. */
const named: ReadonlySet<string> = new Set([
  'Backspace',
  'Delete',
  'Enter',
  'Tab',
  'Escape',
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp',
  'ArrowDown',
  'PageUp',
  'PageDown',
  'Home',
  'End',
  'Shift',
  'CapsLock',
  'AltGraph',
  'Dead',
]);

/** Whether the page may have a key. No chord passes: neither the browser’s nor the clipboard is for patrons. */
export function isAllowedKey({ key, control, alt, meta, modifiers }: Input): boolean {
  const writes = [...key].length === 1;
  // AltGr is Ctrl and Alt at once for Windows.
  if (modifiers.includes('altgr')) return writes && !meta;
  return !control && !alt && !meta && (writes || named.has(key));
}
