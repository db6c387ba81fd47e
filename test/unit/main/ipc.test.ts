import type { BrowserWindow as ElectronWindow, WebContents } from 'electron';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { channels } from '../../../src/main/channels.ts';
import { hearPage, tellPage } from '../../../src/main/ipc.ts';
import { BrowserWindow, FakeContents, ipcMain, resetElectron } from './fake-electron.ts';
import { HeardLog } from './support.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

let window: BrowserWindow;
let log: HeardLog;
let heard: unknown[];

beforeEach(() => {
  resetElectron();
  window = new BrowserWindow({ webPreferences: {} });
  log = new HeardLog();
  heard = [];
  const contents = () => window.webContents as unknown as WebContents;
  hearPage(contents, log, channels.toStation, (value) => void heard.push(value));
});

function say(sender: FakeContents, senderFrame: unknown): void {
  ipcMain.emit(channels.toStation, { sender, senderFrame }, 'hello');
}

describe('a message', () => {
  test('of our page is heard', () => {
    say(window.webContents, window.webContents.mainFrame);
    expect(heard).toEqual(['hello']);
    expect(log.lines).toEqual([]);
  });

  test.each<[string, () => [FakeContents, unknown]]>([
    ['another window', () => [new FakeContents(), window.webContents.mainFrame]],
    ['a frame in our page', () => [window.webContents, { url: 'omatoimi://app/index.html' }]],
    ['a frame that is gone', () => [window.webContents, null]],
    [
      'a page of another origin in our window',
      () => {
        window.webContents.mainFrame.url = 'https://example.org/';
        return [window.webContents, window.webContents.mainFrame];
      },
    ],
    [
      'a page whose origin only looks like ours',
      () => {
        window.webContents.mainFrame.url = 'omatoimi://app.example.org/index.html';
        return [window.webContents, window.webContents.mainFrame];
      },
    ],
  ])('of %s is dropped and logged', (_who, sender) => {
    say(...sender());
    expect(heard).toEqual([]);
    expect(log.lines).toEqual([{ event: 'shell.refused', rule: 'sender', reason: channels.toStation }]);
  });

  test('to a page reaches it, and is dropped where no page is left', () => {
    const told = () => tellPage(window as unknown as ElectronWindow, channels.link, true);
    told();
    window.webContents.crashed = true;
    told();
    window.webContents.crashed = false;
    window.destroyed = true;
    told();
    expect(window.webContents.sent).toEqual([[channels.link, true]]);
  });
});
