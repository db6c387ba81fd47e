import { fileURLToPath } from 'node:url';
import { systemClock } from '../kernel/clock.ts';
import type { OpenByteStream } from '../kernel/bytes.ts';
import type { Log } from '../kernel/log.ts';
import { openLocalSocket } from '../station/socket-connect.ts';
import { createWebShell, webShellFailureSentence, type WebRoute } from '../web/shell.ts';

/** Where `npm run build` puts the page. */
export const rendererDirectory = fileURLToPath(new URL('../../dist/renderer/', import.meta.url));

export interface WebPageOptions {
  readonly port: number;
  /** The station's local socket; it need not listen yet. */
  readonly socket: string;
  readonly log: Log;
  readonly renderer?: string;
  readonly routes?: readonly WebRoute[];
  /** Further pages beside the station's own; only the demo has one. */
  readonly morePages?: readonly string[];
  /** Only the demo's dock shows the station in a frame. */
  readonly framedByOwnPages?: boolean;
  /** Looks on at what passes between page and station; only the demo's dock does. */
  readonly tap?: (open: OpenByteStream) => OpenByteStream;
}

export interface WebPage {
  readonly url: string;
  readonly port: number;
  close(): void;
}

/** Serves the page to this machine's own browser. Fails with one sentence. */
export function openWebPage(options: WebPageOptions): Promise<WebPage> {
  const { port, socket, log, renderer = rendererDirectory, routes = [], framedByOwnPages = false } = options;
  const { tap = (open) => open, morePages = [] } = options;
  return new Promise((resolve, reject) => {
    const shell = createWebShell({
      host: '127.0.0.1',
      port,
      rendererDirectory: renderer,
      pages: ['index.html', ...morePages],
      connectStation: tap(openLocalSocket(socket)),
      clock: systemClock,
      log,
      routes,
      framedByOwnPages,
      onListening: (at) => resolve({ ...at, close: () => shell.close() }),
      onFailed: (failure) => reject(new CannotStart(webShellFailureSentence(failure))),
    });
  });
}

/** Why nothing was started: one sentence for whoever asked. */
export class CannotStart extends Error {}
