import { EventEmitter } from 'node:events';

// As much of the module `electron` as src/main uses, for tests: what it was told is kept, and its events are emitted by hand.

/** What Electron hands to a listener that may refuse. */
export class FakeEvent {
  prevented = false;
  readonly url: string;

  constructor(url = '') {
    this.url = url;
  }

  preventDefault(): void {
    this.prevented = true;
  }
}

type Handler = (...args: never[]) => unknown;

let contentsMade = 0;

export class FakeContents extends EventEmitter {
  readonly id = ++contentsMade;
  session: unknown;
  readonly mainFrame = { url: 'omatoimi://app/index.html' };
  readonly sent: [channel: string, value: unknown][] = [];
  readonly zoomLimits: unknown[] = [];
  openWindow: (details: { url: string }) => unknown = () => undefined;
  crashed = false;
  crashes = 0;

  send(channel: string, value: unknown): void {
    this.sent.push([channel, value]);
  }
  setWindowOpenHandler(handler: (details: { url: string }) => unknown): void {
    this.openWindow = handler;
  }
  setVisualZoomLevelLimits(...limits: number[]): Promise<void> {
    this.zoomLimits.push(limits);
    return Promise.resolve();
  }
  isCrashed(): boolean {
    return this.crashed;
  }
  forcefullyCrashRenderer(): void {
    this.crashes += 1;
  }
}

export class BrowserWindow extends EventEmitter {
  static all: BrowserWindow[] = [];
  readonly options: Record<string, unknown> & { webPreferences: Record<string, unknown> };
  readonly webContents = new FakeContents();
  readonly loads: string[] = [];
  readonly acts: string[] = [];
  /** How the next load ends; a load without one is still going on. */
  nextLoad: Promise<void> | undefined = Promise.resolve();
  destroyed = false;
  minimized = false;

  constructor(options: BrowserWindow['options']) {
    super();
    this.options = options;
    BrowserWindow.all.push(this);
    this.webContents.session = options.webPreferences['session'];
    app.emit('web-contents-created', {}, this.webContents);
  }
  loadURL(url: string): Promise<void> {
    this.loads.push(url);
    return this.nextLoad ?? new Promise(() => undefined);
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  show(): void {
    this.acts.push('show');
  }
  focus(): void {
    this.acts.push('focus');
  }
  restore(): void {
    this.acts.push('restore');
  }
  setKiosk(on: boolean): void {
    this.acts.push(`kiosk ${on}`);
  }
}

class FakeApp extends EventEmitter {
  isPackaged = false;
  switches: Record<string, string> = {};
  hasLock = true;
  sandboxed = false;
  readonly exits: number[] = [];
  readonly commandLine = {
    hasSwitch: (name: string) => name in this.switches,
    getSwitchValue: (name: string) => this.switches[name] ?? '',
  };

  enableSandbox(): void {
    this.sandboxed = true;
  }
  requestSingleInstanceLock(): boolean {
    return this.hasLock;
  }
  whenReady(): Promise<void> {
    return Promise.resolve();
  }
  getAppPath(): string {
    return '/opt/clone';
  }
  exit(code: number): void {
    this.exits.push(code);
  }
}

export class FakeSession extends EventEmitter {
  readonly handlers: Record<string, Handler> = {};
  spellChecker = true;
  answer: ((request: Request) => Response) | undefined;
  readonly protocol = {
    handle: (scheme: string, answer: (request: Request) => Response) => {
      this.handlers[`protocol ${scheme}`] = answer;
      this.answer = answer;
    },
  };
  readonly webRequest = {
    onBeforeRequest: (handler: Handler) => this.#keep('request', handler),
  };

  setPermissionRequestHandler(handler: Handler): void {
    this.#keep('permission', handler);
  }
  setPermissionCheckHandler(handler: Handler): void {
    this.#keep('permission check', handler);
  }
  setDevicePermissionHandler(handler: Handler): void {
    this.#keep('device', handler);
  }
  setBluetoothPairingHandler(handler: Handler): void {
    this.#keep('pairing', handler);
  }
  setDisplayMediaRequestHandler(handler: Handler): void {
    this.#keep('screen', handler);
  }
  setSpellCheckerEnabled(on: boolean): void {
    this.spellChecker = on;
  }

  #keep(name: string, handler: Handler): void {
    this.handlers[name] = handler;
  }
}

export const app = new FakeApp();
export const ipcMain = new EventEmitter();

export const sessions = new Map<string, { session: FakeSession; options: unknown }>();
export const session = {
  fromPartition(name: string, options: unknown): FakeSession {
    const made = new FakeSession();
    sessions.set(name, { session: made, options });
    return made;
  },
};

export const schemes: unknown[] = [];
export const protocol = { registerSchemesAsPrivileged: (all: unknown[]) => void schemes.push(...all) };

export const menus: unknown[] = [];
export const Menu = { setApplicationMenu: (menu: unknown) => void menus.push(menu) };

export const powerSaving: string[] = [];
export const powerSaveBlocker = { start: (kind: string) => void powerSaving.push(kind) };

export const exposed: Record<string, Record<string, Handler>> = {};
export const contextBridge = {
  exposeInMainWorld: (name: string, api: Record<string, Handler>) => void (exposed[name] = api),
};

export const sentByPage: unknown[][] = [];
class FakeIpcRenderer extends EventEmitter {
  send(...message: unknown[]): void {
    sentByPage.push(message);
  }
}
export const ipcRenderer = new FakeIpcRenderer();

/** As after a new start of the program. */
export function resetElectron(): void {
  app.removeAllListeners();
  app.isPackaged = false;
  app.switches = {};
  app.hasLock = true;
  app.sandboxed = false;
  app.exits.length = 0;
  ipcMain.removeAllListeners();
  ipcRenderer.removeAllListeners();
  BrowserWindow.all.length = 0;
  for (const list of [schemes, menus, powerSaving, sentByPage]) list.length = 0;
  sessions.clear();
}
