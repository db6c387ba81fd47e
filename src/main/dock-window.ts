import { BrowserWindow, type Session } from 'electron';
import { guardedPreferences } from './window.ts';

const windowSize = { width: 1100, height: 1024 };

/** The demonstration’s dock beside the station: a page of this machine’s own server, with no way into the shell. */
export function openDockWindow(url: string, session: Session): void {
  const window = new BrowserWindow({
    ...windowSize,
    autoHideMenuBar: true,
    webPreferences: { ...guardedPreferences, session },
  });
  // Whoever serves the dock says what is wrong; the station’s window goes on without it.
  window.loadURL(url).catch(() => undefined);
}
