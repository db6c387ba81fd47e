import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { OpenByteStream } from '../kernel/bytes.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import { frameToStationBytesMax } from '../shared/frames.ts';
import { readFiles, type ServedFile } from './files.ts';
import { framingSecurityPolicy, guardHeaders, isOwnHost, isOwnOrigin } from './guard.ts';
import { reachStation } from './relay.ts';

/** One page on the screen, one that reloads, a few for tests and remote hands. */
export const pagesMax = 16;
const httpConnectionsMax = 128;
const headerBytesMax = 8_192;
const requestMsMax = 10_000;

/** A part of the demo that is no part of a station, such as the dock. */
export interface WebRoute {
  /** The path, or where it ends in a slash, all paths below it. */
  readonly path: string;
  /** Our own host was asked, and with any method but GET and HEAD our own page asked. */
  handle(request: IncomingMessage, response: ServerResponse, path: string): void;
}

export interface WebSocketRoute {
  readonly path: string;
  /** A page of ours has connected. */
  connected(socket: WebSocket): void;
}

export type WebShellFailure =
  | { readonly kind: 'portTaken'; readonly port: number }
  | { readonly kind: 'portForbidden'; readonly port: number }
  | { readonly kind: 'notBuilt'; readonly directory: string }
  | { readonly kind: 'system'; readonly reason: string };

export interface WebShellOptions {
  /** The loopback address; this shell serves no other machine. */
  readonly host: '127.0.0.1';
  /** 0: any free one. */
  readonly port: number;
  /** The built page. */
  readonly rendererDirectory: string;
  /** Which HTML files are served; the first one is the page at `/`. */
  readonly pages?: readonly string[];
  /** Opens a connection to the station’s local socket. */
  readonly connectStation: OpenByteStream;
  readonly clock: Clock;
  readonly log: Log;
  readonly routes?: readonly WebRoute[];
  readonly sockets?: readonly WebSocketRoute[];
  /** Whether pages that are served here may show each other in frames. A station’s page is framed by nobody. */
  readonly framedByOwnPages?: boolean;
  onListening?(at: { readonly port: number; readonly url: string }): void;
  onFailed(failure: WebShellFailure): void;
}

export interface WebShell {
  close(): void;
}

/** The failure as one sentence for whoever started it. */
export function webShellFailureSentence(failure: WebShellFailure): string {
  switch (failure.kind) {
    case 'portTaken':
      return `Port ${failure.port} is taken by another program: end it, or choose another with --port.`;
    case 'portForbidden':
      return `Port ${failure.port} may not be opened by this user: choose one above 1023 with --port.`;
    case 'notBuilt':
      return `The page is not built: ${failure.directory} has no page in it; npm run build makes it.`;
    case 'system':
      return `The page cannot be served: ${failure.reason}.`;
  }
}

/** Serves the page to this machine’s own browser and relays its frames to the station. It knows nothing of libraries. */
export function createWebShell(options: WebShellOptions): WebShell {
  return new LoopbackShell(options);
}

class LoopbackShell implements WebShell {
  readonly #options: WebShellOptions;
  readonly #files: ReadonlyMap<string, ServedFile> | undefined;
  readonly #pages: readonly string[];
  readonly #server: Server;
  readonly #webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: frameToStationBytesMax,
    perMessageDeflate: false,
    clientTracking: true,
  });
  #port = 0;

  constructor(options: WebShellOptions) {
    this.#options = options;
    this.#pages = options.pages ?? ['index.html'];
    this.#files = readFiles(options.rendererDirectory, this.#pages);
    this.#server = createServer(
      { maxHeaderSize: headerBytesMax, requestTimeout: requestMsMax, headersTimeout: requestMsMax },
      (request, response) => this.#answer(request, response),
    );
    this.#server.maxConnections = httpConnectionsMax;
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#server.on('error', (error: NodeJS.ErrnoException) =>
      options.onFailed(failureOf(error, options.port)),
    );
    setImmediate(() => this.#begin());
  }

  close(): void {
    for (const page of this.#webSockets.clients) page.terminate();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #begin(): void {
    const { host, port, rendererDirectory, onFailed, onListening, log } = this.#options;
    if (this.#files === undefined) return onFailed({ kind: 'notBuilt', directory: rendererDirectory });
    this.#server.listen({ host, port, exclusive: true }, () => {
      const address = this.#server.address();
      if (address === null || typeof address === 'string') return;
      this.#port = address.port;
      log.write('info', 'web.listening', { host, port: this.#port });
      onListening?.({ port: this.#port, url: `http://${host}:${this.#port}/` });
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    for (const [name, value] of Object.entries(guardHeaders)) response.setHeader(name, value);
    if (this.#options.framedByOwnPages === true) {
      response.setHeader('content-security-policy', framingSecurityPolicy);
    }
    if (!isOwnHost(request.headers, this.#port)) return refuse(response, 421, 'not this host');
    const reads = request.method === 'GET' || request.method === 'HEAD';
    const path = pathOf(request);
    const route = this.#options.routes?.find((one) => matches(one.path, path));
    if (route !== undefined) {
      if (!reads && !isOwnOrigin(request.headers, this.#port))
        return refuse(response, 403, 'not from our page');
      return route.handle(request, response, path);
    }
    if (!reads) {
      response.setHeader('allow', 'GET, HEAD');
      return refuse(response, 405, 'only GET and HEAD');
    }
    const file = this.#files?.get(path === '/' ? (this.#pages[0] ?? '') : path.slice(1));
    if (file === undefined) return refuse(response, 404, 'no such file');
    response.writeHead(200, {
      'content-type': file.type,
      'content-length': file.body.length,
      'cache-control': file.caching,
    });
    response.end(request.method === 'HEAD' ? undefined : file.body);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => undefined);
    if (!isOwnOrigin(request.headers, this.#port)) {
      this.#options.log.write('warning', 'web.origin_refused');
      return refuseUpgrade(socket, '403 Forbidden');
    }
    const path = pathOf(request);
    const route = this.#options.sockets?.find((one) => one.path === path);
    if (route === undefined && path !== '/station') return refuseUpgrade(socket, '404 Not Found');
    if (this.#webSockets.clients.size >= pagesMax) return refuseUpgrade(socket, '503 Service Unavailable');
    if (route === undefined) this.#connectPage(request, socket, head);
    else this.#webSockets.handleUpgrade(request, asSocket(socket), head, (page) => route.connected(page));
  }

  /** The page is let in once the station is reached: until then it has nothing to show but "one moment". */
  #connectPage(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { connectStation, clock, log } = this.#options;
    const link = reachStation({
      connectStation,
      clock,
      log,
      onReached: () => {
        socket.removeListener('close', leftEarly);
        let attached = false;
        this.#webSockets.handleUpgrade(request, asSocket(socket), head, (page) => {
          attached = true;
          link.attach(page);
        });
        // The handshake was refused, as for a key that is none.
        if (!attached) link.cancel();
      },
      onAway: () => refuseUpgrade(socket, '503 Service Unavailable'),
    });
    const leftEarly = () => link.cancel();
    socket.on('close', leftEarly);
  }
}

/** Node hands the upgrade’s socket over by its general type; on a TCP server it is always this one. */
function asSocket(socket: Duplex): Socket {
  return socket as Socket;
}

function pathOf(request: IncomingMessage): string {
  const target = request.url ?? '/';
  const query = target.indexOf('?');
  return query === -1 ? target : target.slice(0, query);
}

function matches(routePath: string, path: string): boolean {
  return routePath.endsWith('/') ? path.startsWith(routePath) : path === routePath;
}

function refuse(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.end(`${words}\n`);
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function failureOf(error: NodeJS.ErrnoException, port: number): WebShellFailure {
  if (error.code === 'EADDRINUSE') return { kind: 'portTaken', port };
  if (error.code === 'EACCES') return { kind: 'portForbidden', port };
  return { kind: 'system', reason: error.message };
}
