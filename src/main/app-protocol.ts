import { protocol } from 'electron';
import type { ServedFile } from '../web/files.ts';
import { guardHeaders } from '../web/guard.ts';
import { isOwnUrl, scheme } from './origin.ts';

/** Makes the scheme one that pages, modules, fonts and sounds can be loaded by. Before the program is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
}

/** Answers for `omatoimi://app/…` from the built page in memory. What is not in the list is not there. */
export function answerFrom(files: ReadonlyMap<string, ServedFile>): (request: Request) => Response {
  return ({ url, method }) => {
    if (method !== 'GET' && method !== 'HEAD') return refusal(405);
    const file = isOwnUrl(url) ? files.get(new URL(url).pathname.slice(1)) : undefined;
    if (file === undefined) return refusal(404);
    return new Response(method === 'HEAD' ? null : new Uint8Array(file.body), {
      headers: { ...guardHeaders, 'content-type': file.type, 'cache-control': 'no-store' },
    });
  };
}

function refusal(status: number): Response {
  return new Response(null, { status, headers: { ...guardHeaders } });
}
