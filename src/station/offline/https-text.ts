import { request } from 'node:https';
import { err, ok, type Result } from '../../kernel/result.ts';

export interface Fetching {
  readonly bytesMax: number;
  readonly millisMax: number;
}

/** Fetches a text by HTTPS with the machine’s own trust. Replies once; the error is for the technician. */
export function httpsText(
  url: string,
  { bytesMax, millisMax }: Fetching,
  reply: (answer: Result<string, string>) => void,
): { readonly cancel: () => void } {
  let over = false;
  const finish = (answer: Result<string, string>): void => {
    if (over) return;
    over = true;
    call.destroy();
    reply(answer);
  };
  const call = request(url, { signal: AbortSignal.timeout(millisMax) }, (response) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    response.on('data', (part: Buffer) => {
      bytes += part.length;
      parts.push(part);
      if (bytes > bytesMax) finish(err('too long an answer'));
    });
    response.on('end', () => {
      const { statusCode } = response;
      if (statusCode !== 200) return finish(err(`status ${statusCode ?? 'unknown'}`));
      finish(ok(Buffer.concat(parts).toString('utf8')));
    });
    response.on('error', (error) => finish(err(error.message)));
  });
  call.on('error', (error) => finish(err(error.message)));
  call.end();
  return {
    cancel: () => {
      over = true;
      call.destroy();
    },
  };
}
