import type { StreamEnd } from '../kernel/bytes.ts';
import { readSipXml } from './sip-xml.ts';

/** What came of a POST: the SIP2 message as a line, or what is wrong. */
export type HttpsReply =
  | { readonly kind: 'message'; readonly line: Buffer }
  | { readonly kind: 'failed'; readonly reason: string; readonly end: StreamEnd };

/** Some servers cut a reply at this length and say nothing about it. */
const cutBytes = 8_192;
const errorCharsMax = 120;

function failed(reason: string, end: StreamEnd = {}): HttpsReply {
  return { kind: 'failed', reason, end };
}

/** Tells the replies of SIP2 over HTTPS apart, by status and body. */
export function readHttpsReply(status: number, body: Uint8Array): HttpsReply {
  if (status >= 200 && status < 300) return readBody(body);
  const xml = readSipXml(body);
  const code = xml.kind === 'exception' && xml.code !== '' ? `, ${xml.code}` : '';
  const reason = `HTTP ${status}${code}`;
  if (status === 401) return failed(`${reason}: the ACS refused the log-in`, { refused: 'login' });
  // Too early, too slow, too many: the next try may go well.
  const passing = status >= 500 || status === 408 || status === 425 || status === 429;
  if (passing) return failed(reason);
  return failed(`${reason}: address or path are not as the server has them`, { refused: 'terminal' });
}

function readBody(body: Uint8Array): HttpsReply {
  const xml = readSipXml(body);
  switch (xml.kind) {
    case 'doctype':
      return failed('the reply has a document type, and is refused');
    case 'notXml':
      return failed(
        body.length === cutBytes ? `the reply was cut at ${cutBytes} bytes` : 'the reply is not XML',
      );
    case 'exception':
      return failed(`the server failed: ${xml.code === '' ? 'an exception without a code' : xml.code}`);
    case 'other':
    case 'request':
      return failed('the reply is XML without a SIP2 message');
    case 'error':
      return readError(xml.text);
    case 'response':
      return readResponse(xml.text);
  }
}

/** The words of an `error` are about the exchange; numbers in them may be a card’s all the same. */
function readError(text: string): HttpsReply {
  const words = text
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\d{4,}/g, '#')
    .slice(0, errorCharsMax);
  const reason = `the server reports an error: ${words}`;
  return /log-?in|credential|authenti/i.test(words) ? failed(reason, { refused: 'login' }) : failed(reason);
}

function readResponse(text: string): HttpsReply {
  const message = text.trim().replaceAll(/[\r\n]+/g, ' ');
  if (message === '') return failed('the ACS gave nothing');
  if (message.startsWith('940')) return failed('the ACS refused the log-in', { refused: 'login' });
  if (!/^\d\d/.test(message)) return failed('the reply is no message of SIP2');
  const line = Buffer.from(`${message}\r`, 'utf8');
  if (line.length - 1 === cutBytes) return failed(`the reply was cut at ${cutBytes} bytes`);
  return { kind: 'message', line };
}
