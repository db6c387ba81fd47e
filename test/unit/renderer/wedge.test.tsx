// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { WedgeSettings } from '../../../src/shared/wedge.ts';
import { exampleView, openAt } from './support.tsx';

const wedge: WedgeSettings = { gapMsMax: 40, keysMin: 6, suffix: 'enter' };
const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  cleanup();
});

function keyboardAt(name: string, changes: Parameters<typeof exampleView>[1] = { wedge }) {
  const page = openAt(exampleView(name, changes));
  stops.push(page.listenForWedge());
  let nowMs = 1_000;
  const press = (key: string, afterMs: number, more: KeyboardEventInit = {}): boolean => {
    nowMs += afterMs;
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
    Object.defineProperty(event, 'timeStamp', { value: nowMs });
    return fireEvent(document.activeElement ?? document.body, event);
  };
  return {
    ...page,
    press,
    scan: (text: string) => {
      for (const key of [...text, 'Enter']) press(key, 5);
    },
    /** A key as a person presses it: long after the last, and nothing after it. */
    type: (key: string) => {
      press(key, 500);
      act(() => page.browser.advance(80));
    },
  };
}

const cardField = () => screen.getByTestId<HTMLInputElement>('card-number-entry');

describe('a scanner that types', () => {
  it('sends a scan, and the field with the focus gets no key of it', () => {
    const { station, scan } = keyboardAt('card');
    act(() => cardField().focus());
    scan('21999000020071');
    expect(station.acts).toEqual([{ do: 'wedge', text: '21999000020071', ended: true }]);
    expect(cardField().value).toBe('');
  });

  it('is no PIN', () => {
    const { station, scan } = keyboardAt('pin');
    scan('21999000020071');
    expect(station.acts).toEqual([{ do: 'wedge', text: '21999000020071', ended: true }]);
  });

  it('cannot press what it types', () => {
    const { press, station } = keyboardAt('home');
    act(() => screen.getByTestId('home-return').focus());
    expect(press('w', 500, { ctrlKey: true })).toBe(false);
    expect(press('F5', 5)).toBe(false);
    for (const key of ['Enter', '3', '0', '0', '9', '1', 'Enter']) expect(press(key, 5)).toBe(false);
    expect(station.acts).toEqual([{ do: 'wedge', text: '\r30091', ended: false }]);
  });

  it('is not listened to where the station has none', () => {
    const { station, press } = keyboardAt('card', {});
    act(() => cardField().focus());
    for (const key of '30091') expect(press(key, 5)).toBe(true);
    expect(station.acts).toEqual([]);
  });
});

describe('a person beside it', () => {
  it('types a card number, mends it, and sends it with Enter', () => {
    const { station, type } = keyboardAt('card');
    act(() => cardField().focus());
    for (const key of ['2', '1', '9', 'Backspace', '7']) type(key);
    expect(cardField().value).toBe('217');
    type('Enter');
    expect(station.acts).toEqual([{ do: 'submitCardNumber', number: '217' }]);
    expect(cardField().value).toBe('');
  });

  it('types a PIN', () => {
    const { station, type } = keyboardAt('pin');
    for (const key of ['1', '2', 'Backspace', 'Enter']) type(key);
    expect(station.acts).toEqual([
      { do: 'pinKey', key: '1' },
      { do: 'pinKey', key: '2' },
      { do: 'pinErase' },
      { do: 'pinEnter' },
    ]);
  });

  it('walks with Tab and presses with Enter or space', () => {
    const { station, type } = keyboardAt('home');
    const home = screen.getByTestId('home-borrow');
    for (let steps = 0; document.activeElement !== home && steps < 20; steps += 1) type('Tab');
    expect(document.activeElement).toBe(home);
    type('Enter');
    type(' ');
    expect(station.acts).toEqual([
      { do: 'chooseService', service: 'borrow' },
      { do: 'chooseService', service: 'borrow' },
    ]);
  });

  it('cannot make a number longer than the field takes', () => {
    const { type } = keyboardAt('card');
    act(() => cardField().focus());
    for (let i = 0; i < 80; i += 1) type('7');
    expect(cardField().value.length).toBe(cardField().maxLength);
  });
});
