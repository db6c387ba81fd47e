import { ipcMain, type BrowserWindow, type IpcMainEvent, type WebContents } from 'electron';
import type { Log } from '../kernel/log.ts';
import type { FromPage, ToPage } from './channels.ts';
import { isOwnUrl } from './origin.ts';

/** The only way to hear the page: what does not come from the main frame of our own page is dropped and logged. */
export function hearPage(
  page: () => WebContents,
  log: Log,
  channel: FromPage,
  listener: (value: unknown) => void,
): void {
  ipcMain.on(channel, (event, value: unknown) => {
    if (isOurPage(event, page())) listener(value);
    else log.write('warning', 'shell.refused', { rule: 'sender', reason: channel });
  });
}

function isOurPage({ sender, senderFrame }: IpcMainEvent, page: WebContents): boolean {
  return (
    sender.id === page.id &&
    senderFrame !== null &&
    senderFrame === page.mainFrame &&
    isOwnUrl(senderFrame.url)
  );
}

/** Tells the page something, if there is one. */
export function tellPage(window: BrowserWindow, channel: ToPage, value?: unknown): void {
  if (!window.isDestroyed() && !window.webContents.isCrashed()) window.webContents.send(channel, value);
}
