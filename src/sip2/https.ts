import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { ByteStreamEvents, OpenByteStream, StreamEnd } from '../kernel/bytes.ts';
import type { Clock } from '../kernel/clock.ts';
import { readHttpsReply } from './https-reply.ts';
import { writeSipXml, xmlBytesMax } from './sip-xml.ts';
import type { CheckedTls } from './tls.ts';
import { tlsFailureOf } from './tls-failure.ts';

/** An idle connection is given back sooner than servers close it, so that no request meets one that is closing. */
export const idleConnectionMs = 4_000;

export interface HttpsSettings {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly namespace: string;
  /** Go with each message; there is no session. */
  readonly login: { readonly user: string; readonly password: string };
  readonly tls: CheckedTls;
}

/**
 * SIP2 over HTTPS as a byte stream: each write is one POST, and its reply comes back as one line. There is no log-in and no
 * session, so a stream is open at once; a reply that is no message ends it. Only what failed before the body could leave
 * is unsent.
 */
export function openHttps(settings: HttpsSettings, clock: Clock): OpenByteStream {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, timeout: idleConnectionMs, ...settings.tls });
  return (events) => {
    const exchange = new HttpsStream(settings, agent, events);
    clock.after(0, () => exchange.opened());
    return { write: (bytes) => exchange.write(bytes), close: () => exchange.close() };
  };
}

class HttpsStream {
  readonly #settings: HttpsSettings;
  readonly #agent: Agent;
  readonly #events: ByteStreamEvents;
  #over = false;
  #open = false;
  /** A message came back on this stream: address and log-in are right. */
  #proved = false;
  #request: ClientRequest | undefined;

  constructor(settings: HttpsSettings, agent: Agent, events: ByteStreamEvents) {
    this.#settings = settings;
    this.#agent = agent;
    this.#events = events;
  }

  opened(): void {
    if (this.#over) return;
    this.#open = true;
    this.#events.opened();
  }

  close(): void {
    this.#over = true;
    this.#request?.destroy();
  }

  write(bytes: Uint8Array): boolean {
    if (!this.#open || this.#over) return false;
    // An answer to an earlier write would be taken for this one’s.
    this.#request?.destroy();
    const { host, port, path, namespace, login, tls } = this.#settings;
    const body = writeSipXml(bytes, { namespace, login: login.user, password: login.password });
    const post = request({
      ...tls,
      agent: this.#agent,
      host,
      port,
      path,
      method: 'POST',
      headers: {
        'Content-Type': 'application/xml; charset=utf-8',
        'Content-Length': body.length,
        Accept: '*/*',
      },
    });
    let left = false;
    post.on('socket', (socket) => {
      if (post.reusedSocket) left = true;
      // The body waits for the handshake; only after it something can have left.
      else (socket as TLSSocket).once('secureConnect', () => (left = true));
    });
    post.on('response', (response) => this.#read(post, response));
    post.on('error', (error: NodeJS.ErrnoException) => {
      if (post !== this.#request) return;
      const { reason, ...end } = tlsFailureOf(error);
      this.#end(reason, left ? end : { ...end, unsent: true });
    });
    post.on('close', () => body.fill(0));
    this.#request = post;
    post.end(body);
    return true;
  }

  #read(post: ClientRequest, response: IncomingMessage): void {
    const parts: Buffer[] = [];
    let bytes = 0;
    response.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes <= xmlBytesMax) parts.push(part);
      else if (post === this.#request) this.#end('the reply is longer than any message', {});
    });
    response.on('end', () => {
      if (post !== this.#request) return;
      this.#request = undefined;
      this.#take(response.statusCode ?? 0, Buffer.concat(parts));
      for (const part of parts) part.fill(0);
    });
    response.on('error', () => {
      if (post === this.#request) this.#end('the reply broke off', {});
    });
  }

  #take(status: number, body: Buffer): void {
    if (this.#over) return;
    const reply = readHttpsReply(status, body);
    body.fill(0);
    if (reply.kind === 'message') {
      this.#proved = true;
      this.#events.bytes(reply.line);
      // The line may have brought the next request with it.
      if (this.#request === undefined && !this.#over) this.#events.replied?.();
      return;
    }
    // One request that the server does not like says nothing about the station.
    this.#end(reply.reason, this.#proved ? {} : reply.end);
  }

  #end(reason: string, end: StreamEnd): void {
    const post = this.#request;
    this.#request = undefined;
    post?.destroy();
    if (this.#over) return;
    this.#over = true;
    this.#events.closed(reason, end);
  }
}
