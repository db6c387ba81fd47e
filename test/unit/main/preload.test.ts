// @vitest-environment jsdom
import { beforeAll, expect, test, vi } from 'vitest';
import { channels } from '../../../src/main/channels.ts';
import { exposed, ipcRenderer, sentByPage } from './fake-electron.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

beforeAll(() => import('../../../src/main/preload.ts'));

function port(): Record<string, (...args: unknown[]) => unknown> {
  return (exposed['omatoimi'] ?? {}) as Record<string, (...args: unknown[]) => unknown>;
}

test('the page gets three functions and nothing else', () => {
  expect(Object.keys(exposed)).toEqual(['omatoimi']);
  expect(Object.keys(port())).toEqual(['send', 'onFrame', 'onLink']);
});

test('frames come and go without Electron’s event', () => {
  const frames: unknown[][] = [];
  port()['onFrame']?.((...args: unknown[]) => void frames.push(args));
  ipcRenderer.emit(channels.fromStation, { sender: 'secret' }, { v: 1 });
  expect(frames).toEqual([[{ v: 1 }]]);
  port()['send']?.({ v: 1, kind: 'watch' });
  expect(sentByPage.at(-1)).toEqual([channels.toStation, { v: 1, kind: 'watch' }]);
});

test('asking for the link connects, and the link is told at once and later', () => {
  const links: unknown[][] = [];
  port()['onLink']?.((...args: unknown[]) => void links.push(args));
  expect(sentByPage.at(-1)).toEqual([channels.connect]);
  ipcRenderer.emit(channels.link, {}, true);
  expect(links).toEqual([[false], [true]]);
});

test('a heartbeat is answered', () => {
  ipcRenderer.emit(channels.ping, {});
  expect(sentByPage.at(-1)).toEqual([channels.pong]);
});

test.each(['dragover', 'drop'])('%s is prevented', (name) => {
  const event = new Event(name, { cancelable: true, bubbles: true });
  document.body.dispatchEvent(event);
  expect(event.defaultPrevented).toBe(true);
});

test('what the page may not do is told to the shell, by its kind', () => {
  document.body.dispatchEvent(new Event('drop', { cancelable: true, bubbles: true }));
  expect(sentByPage.at(-1)).toEqual([channels.refused, 'drop']);
  const violation = Object.assign(new Event('securitypolicyviolation', { bubbles: true }), {
    effectiveDirective: 'frame-src',
    blockedURI: 'https://example.org/?card=1',
  });
  document.body.dispatchEvent(violation);
  expect(sentByPage.at(-1)).toEqual([channels.refused, 'frame-src']);
});
