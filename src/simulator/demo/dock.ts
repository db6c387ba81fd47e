import type { IncomingMessage, ServerResponse } from 'node:http';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { WebRoute } from '../../web/shell.ts';
import type { LibraryData } from '../acs/library-data.ts';

/** A scan or a switch is a few dozen bytes. */
const bodyBytesMax = 4_096;

const scanSchema = z.strictObject({
  // The longest label that a scanner is known to send, and some to try more than that.
  text: z.string().min(1).max(4_000),
});
const switchSchema = z.strictObject({ name: z.enum(['acs', 'scanner']), on: z.boolean() });

/** What the dock can move. Each fails with a sentence. */
export interface DockDevices {
  /** Holds a label under the virtual scanner. */
  scan(text: string): Promise<void>;
  /** Connects a part of the world, or pulls its plug. */
  turn(name: 'acs' | 'scanner', on: boolean): Promise<void>;
}

export interface DockOptions {
  /** The built page. */
  readonly page: string;
  readonly library: LibraryData;
  readonly devices: DockDevices;
}

/** The dock of the demo: a page with cards and books to scan and plugs to pull. No station has these routes. */
export function dockRoutes({ page, library, devices }: DockOptions): WebRoute[] {
  const html = readFileSync(page);
  const catalogue = Buffer.from(JSON.stringify(catalogueOf(library)), 'utf8');
  return [
    {
      path: '/dock',
      handle: (request, response) => serve(request, response, 'text/html; charset=utf-8', html),
    },
    {
      path: '/dock/library',
      handle: (request, response) => serve(request, response, 'application/json', catalogue),
    },
    {
      path: '/dock/scan',
      handle: (request, response) => {
        act(request, response, scanSchema, ({ text }) => devices.scan(text));
      },
    },
    {
      path: '/dock/switch',
      handle: (request, response) => {
        act(request, response, switchSchema, ({ name, on }) => devices.turn(name, on));
      },
    },
  ];
}

/** What the dock shows; PINs among it, for these people are made up. */
function catalogueOf({ patrons, items }: LibraryData) {
  return {
    patrons: patrons.map(({ card, pin, name, label }) => ({
      card,
      pin: pin ?? 'never set',
      label: label === undefined ? name : `${name}: ${label}`,
    })),
    items: items.map(({ item, title, label }) => ({ item, title, label })),
  };
}

function serve(request: IncomingMessage, response: ServerResponse, type: string, body: Buffer): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    answer(response, 405, 'only GET and HEAD');
    return;
  }
  response.writeHead(200, {
    'content-type': type,
    'content-length': body.length,
    'cache-control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** The shell has seen to it that our own page asks; here the body is read and checked. */
function act<T>(
  request: IncomingMessage,
  response: ServerResponse,
  schema: z.ZodType<T>,
  perform: (body: T) => Promise<void>,
): void {
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST');
    answer(response, 405, 'only POST');
    return;
  }
  if (!/^application\/json(;|$)/i.test(request.headers['content-type'] ?? '')) {
    answer(response, 415, 'the body must be application/json');
    return;
  }
  readBody(request, (body) => {
    const read = body === undefined ? undefined : schema.safeParse(parsed(body));
    if (read === undefined) {
      answer(response, 413, `the body has at most ${bodyBytesMax} bytes`);
    } else if (!read.success) {
      answer(response, 400, read.error.issues[0]?.message ?? 'not what is expected');
    } else {
      perform(read.data).then(
        () => answer(response, 204, ''),
        (error: unknown) => answer(response, 503, error instanceof Error ? error.message : String(error)),
      );
    }
  });
}

function readBody(request: IncomingMessage, done: (body: string | undefined) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= bodyBytesMax) {
      chunks.push(chunk);
    }
  });
  request.on('end', () => done(bytes <= bodyBytesMax ? Buffer.concat(chunks).toString('utf8') : undefined));
  request.on('error', () => undefined);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function answer(response: ServerResponse, status: number, words: string): void {
  if (status === 204) {
    response.writeHead(204, { 'cache-control': 'no-store' });
    response.end();
    return;
  }
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`${words}\n`);
}
