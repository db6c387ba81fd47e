import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';

/** A scan or a switch is a few dozen bytes. */
const bodyBytesMax = 4_096;

/** Answers GET and HEAD with a body that stays. */
export function serve(request: IncomingMessage, response: ServerResponse, type: string, body: Buffer): void {
  if (!reads(request, response)) return;
  response.writeHead(200, {
    'content-type': type,
    'content-length': body.length,
    'cache-control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** False: it was something else than GET and HEAD, and has been refused. */
export function reads(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return true;
  response.setHeader('allow', 'GET, HEAD');
  answer(response, 405, 'only GET and HEAD');
  return false;
}

/** The shell has seen to it that our own page asks; here the body is read and checked. */
export function act<T>(
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

export function answer(response: ServerResponse, status: number, words: string): void {
  if (status === 204) {
    response.writeHead(204, { 'cache-control': 'no-store' });
    response.end();
    return;
  }
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`${words}\n`);
}
