import { BrowserWindow, type Session } from 'electron';

/** A kiosk’s screen stands upright; at a desk the window is to leave room beside it. */
const windowSize = { width: 576, height: 1024 };
/** The window at a desk shows the kiosk’s screen made small, not a page with less room. */
const kioskWidth = 1080;
const atDesk = { zoomFactor: windowSize.width / kioskWidth } as const;

/** What no window is without. */
export const guardedPreferences = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  disableDialogs: true,
  spellcheck: false,
} as const;

export interface WindowOptions {
  readonly session: Session;
  /** The built preload script. */
  readonly preload: string;
  /** An ordinary window, for trying things at a desk. */
  readonly windowed: boolean;
  readonly devTools: boolean;
  /** Whether a window may be closed now. */
  mayClose(): boolean;
}

/** The window with the page. As a kiosk it fills the screen, and neither closes nor steps back. */
export function openWindow(options: WindowOptions): BrowserWindow {
  const { session, preload, windowed, devTools, mayClose } = options;
  const window = new BrowserWindow({
    ...windowSize,
    ...(windowed ? { useContentSize: true } : kiosk),
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      session,
      preload,
      devTools,
      ...guardedPreferences,
      ...(windowed ? atDesk : {}),
      // A scan is heard although nobody touched the screen.
      autoplayPolicy: 'no-user-gesture-required',
      backgroundThrottling: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  if (!windowed) keepInFront(window, mayClose);
  return window;
}

const kiosk = {
  kiosk: true,
  fullscreen: true,
  frame: false,
  closable: false,
  minimizable: false,
  maximizable: false,
  movable: false,
  skipTaskbar: true,
} as const;

function keepInFront(window: BrowserWindow, mayClose: () => boolean): void {
  const back = (): void => {
    if (mayClose() || window.isDestroyed()) return;
    if (window.isMinimized()) window.restore();
    window.show();
    window.setKiosk(true);
    window.focus();
  };
  window.on('close', (event) => {
    if (!mayClose()) event.preventDefault();
  });
  window.on('minimize', back);
  window.on('hide', back);
  window.on('leave-full-screen', back);
  window.on('blur', () => {
    if (!mayClose() && !window.isDestroyed()) window.focus();
  });
}
