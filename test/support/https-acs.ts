import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { encode } from '../../src/sip2/encode.ts';
import type { Identity } from './certificates.ts';

/** What one POST brought. */
export interface Posted {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly type: string | undefined;
  readonly body: string;
  /** The text of the request, as it stood between the tags. */
  readonly sip2: string;
  readonly login: string | undefined;
  readonly password: string | undefined;
}

export type Answer = (posted: Posted, response: ServerResponse) => void | Promise<void>;

const unescaped = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');

/** The envelope of Danish FBS. */
export function fbsReply(message: string, tag = 'response'): string {
  const text = message.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><ns2:sip xmlns:ns2="http://axiell.com/Schema/sip.xsd"><${tag}>${text}</${tag}></ns2:sip>`;
}

/**
 * A library system that speaks SIP2 over HTTPS as real ones do: one matches the prefix by its name and answers 500
 * otherwise, and white space around the message goes on to the ACS. `answer` plays the rest.
 */
export class HttpsAcs {
  readonly posted: Posted[] = [];
  readonly port: number;
  /** TCP connections that were made to it. */
  connections = 0;
  answer: Answer;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, answer: Answer) {
    this.#server = server;
    this.answer = answer;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (socket: Socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) =>
      this.#take(request, response),
    );
  }

  static async start(identity: Identity, answer: Answer): Promise<HttpsAcs> {
    const server = createServer({ cert: identity.certificate, key: identity.key });
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    return new HttpsAcs(server, answer);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((closed) => this.#server.close(() => closed()));
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8');
      const found =
        /<ns1:sip [^>]*?login="([^"]*)" password="([^"]*)"[^>]*><request>([^<]*)<\/request><\/ns1:sip>/.exec(
          body,
        );
      if (found === null) {
        response.writeHead(500, { 'Content-Type': 'text/plain' }).end('Internal Server Error');
        return;
      }
      const [, login = '', password = '', sip2 = ''] = found.map(unescaped);
      const { method, url: path } = request;
      const posted = { method, path, type: request.headers['content-type'], body, sip2, login, password };
      this.posted.push(posted);
      void this.answer(posted, response);
    });
  }
}

/** Hands each message to an ACS over TCP, with a log-in of its own, as the plug-ins of library systems do. */
export function bridgeTo(port: number, login: { readonly user: string; readonly password: string }): Answer {
  return async (posted, response) => {
    const send = (reply: string): void => {
      response.writeHead(200, { 'Content-Type': 'text/html;charset=UTF-8' });
      response.end(fbsReply(reply));
    };
    if (posted.login !== login.user || posted.password !== login.password) return send('940');
    const fields = { CN: login.user, CO: login.password };
    const hello = encode({ code: '93', fixed: { uidAlgorithm: '0', pwdAlgorithm: '0' }, fields });
    if (!hello.ok) throw new Error(hello.error.field);
    const answers = await exchange(port, [hello.value, Buffer.from(`${posted.sip2}\r`)]);
    const reply = answers[1];
    if (reply === undefined) response.destroy();
    else send(`${reply}\r`);
  };
}

/** Sends each message when the one before has its answer; what is not answered is missing. */
function exchange(port: number, messages: readonly Uint8Array[]): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const answers: string[] = [];
    let heard = '';
    const socket = connect(port, '127.0.0.1');
    const next = (): void => {
      const message = messages[answers.length];
      if (message === undefined) socket.destroy();
      else socket.write(message);
    };
    socket.on('connect', next);
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString('utf8');
      for (let end = heard.indexOf('\r'); end >= 0; end = heard.indexOf('\r')) {
        answers.push(heard.slice(0, end));
        heard = heard.slice(end + 1).replace(/^\n/, '');
        next();
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answers));
  });
}
