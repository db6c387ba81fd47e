import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { answerFrom } from '../../../src/main/app-protocol.ts';
import { readFiles } from '../../../src/web/files.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

let folder: string;
let answer: (request: Request) => Response;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'omatoimi-protocol-'));
  const page = join(folder, 'renderer');
  mkdirSync(join(page, 'assets', 'deep'), { recursive: true });
  writeFileSync(join(folder, 'secret.json'), '{}');
  writeFileSync(join(page, 'index.html'), '<p>page</p>');
  writeFileSync(join(page, 'dock.html'), '<p>dock</p>');
  writeFileSync(join(page, 'notes.txt'), 'no type of a page');
  writeFileSync(join(page, 'assets', 'a.js'), 'script');
  writeFileSync(join(page, 'assets', 'deep', 'tone.wav'), 'tone');
  const files = readFiles(page, ['index.html']);
  if (files === undefined) throw new Error('the page is there');
  answer = answerFrom(files);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Not a real `Request`: that would tidy the address up before the program sees it. */
function ask(url: string, method = 'GET'): Response {
  return answer({ url, method } as Request);
}

describe('omatoimi://app', () => {
  test.each([
    ['index.html', 'text/html; charset=utf-8', '<p>page</p>'],
    ['assets/a.js', 'text/javascript; charset=utf-8', 'script'],
    ['assets/deep/tone.wav', 'audio/wav', 'tone'],
    ['assets/a.js?x=1#y', 'text/javascript; charset=utf-8', 'script'],
    ['assets/../index.html', 'text/html; charset=utf-8', '<p>page</p>'],
  ])('serves %s', async (path, type, body) => {
    const response = ask(`omatoimi://app/${path}`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
    expect(await response.text()).toBe(body);
  });

  test.each([
    '',
    'nothing.js',
    'assets',
    'assets/',
    '../secret.json',
    '..%2fsecret.json',
    '%2e%2e/secret.json',
    '%2e%2e%2fsecret.json',
    '..%5csecret.json',
    '..\\secret.json',
    '....//secret.json',
    'assets/../../secret.json',
    '/etc/passwd',
    '//etc/passwd',
    'index.html%00.js',
    'index.html/',
    'INDEX.HTML',
    'dock.html',
    'notes.txt',
    '__proto__',
    'constructor',
  ])('has no "%s"', async (path) => {
    const response = ask(`omatoimi://app/${path}`);
    expect([response.status, await response.text()]).toEqual([404, '']);
  });

  test.each([
    'omatoimi://other/index.html',
    'omatoimi://app:80/index.html',
    'omatoimi://someone@app/index.html',
    'file:///index.html',
    'https://app/index.html',
    'not an address',
  ])('does not answer for %s', (url) => {
    expect(ask(url).status).toBe(404);
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('does nothing on %s', (method) => {
    expect(ask('omatoimi://app/index.html', method).status).toBe(405);
  });

  test('answers HEAD without a body', async () => {
    const response = ask('omatoimi://app/index.html', 'HEAD');
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  test.each(['omatoimi://app/index.html', 'omatoimi://app/nothing'])(
    'sends the content security policy with each answer, such as to %s',
    (url) => {
      const { headers } = ask(url);
      // Written out, and not taken from the program.
      expect(headers.get('content-security-policy')?.split('; ').toSorted()).toEqual([
        "base-uri 'none'",
        "connect-src 'self'",
        "default-src 'none'",
        "font-src 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "img-src 'self'",
        "media-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
      ]);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    },
  );
});
