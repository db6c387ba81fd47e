import type { Input } from 'electron';
import { describe, expect, test } from 'vitest';
import { isAllowedKey } from '../../../src/main/keys.ts';

function pressed(chord: string): Input {
  const held = chord.split('+');
  const key = held.pop() ?? '';
  return {
    type: 'keyDown',
    key: key === 'Plus' ? '+' : key,
    code: '',
    isAutoRepeat: false,
    isComposing: false,
    shift: held.includes('Shift'),
    control: held.includes('Ctrl'),
    alt: held.includes('Alt'),
    meta: held.includes('Meta'),
    location: 0,
    modifiers: held.includes('AltGr') ? ['altgr'] : [],
  };
}

describe('keys', () => {
  test.each(
    'F1 F3 F5 F6 F7 F10 F11 F12 Ctrl+r Ctrl+Shift+r Ctrl+F5 Ctrl+Shift+i Ctrl+Shift+j Ctrl+Shift+c Ctrl+u Ctrl+p Ctrl+o Ctrl+s Ctrl+n Ctrl+Shift+n Ctrl+t Ctrl+w Ctrl+q Ctrl+f Ctrl+l Ctrl+d Ctrl+h Ctrl+j Ctrl+a Ctrl+c Ctrl+v Ctrl+x Ctrl+z Ctrl+0 Ctrl+- Ctrl+Plus Ctrl+Tab Ctrl+PageDown Alt+F4 Alt+ArrowLeft Alt+ArrowRight Alt+Home Alt+d Alt+Tab Alt+Enter Meta+r Meta+l Meta+d Meta Control Alt BrowserBack BrowserHome BrowserSearch BrowserRefresh MediaPlayPause LaunchMail LaunchApplication1 ContextMenu PrintScreen Insert Help Ctrl+AltGr+Delete AltGr+F4 Meta+AltGr+e'.split(
      ' ',
    ),
  )('%s does not reach the page', (chord) => {
    expect(isAllowedKey(pressed(chord))).toBe(false);
  });

  test.each(
    'a Z 7 å ř Ж Shift+A Backspace Delete Enter Tab Shift+Tab Escape ArrowLeft ArrowDown Home End PageUp Shift CapsLock Dead AltGraph AltGr+@ Ctrl+Alt+AltGr+€'.split(
      ' ',
    ),
  )('%s reaches the page', (chord) => {
    expect(isAllowedKey(pressed(chord))).toBe(true);
  });

  test('a space reaches the page', () => {
    expect(isAllowedKey({ ...pressed('a'), key: ' ' })).toBe(true);
  });
});
