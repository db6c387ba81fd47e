import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { linkAdvice } from '../../../src/station/link-advice.ts';
import { parseConfig } from '../../../src/station/config/load.ts';
import { clientIdentity, privateAuthority } from '../../support/certificates.ts';

const document = readFileSync(fileURLToPath(new URL('../../../docs/connection.md', import.meta.url)), 'utf8');
const examples = [...document.matchAll(/```yaml\n([^]*?)```/g)].map(([, text = '']) => text);
const files = new Map<string, string>();

beforeAll(async () => {
  const authority = await privateAuthority();
  const station = await clientIdentity(authority);
  files.set('authority.pem', authority.certificate);
  files.set('station.pem', station.certificate);
  files.set('station.key', station.key);
  files.set('acs-password', 'word\n');
}, 60_000);

describe('docs/connection.md', () => {
  it.each(examples.map((text, index) => [index + 1, text] as const))(
    'its example %i is a right one',
    (_index, text) => {
      const whole = `configVersion: 1\nlibrary: { institutionId: X, name: { en: X } }\n${text}`;
      const file = (path: string): string => files.get(path) ?? expect.fail(`no file ${path}`);
      const result = parseConfig(whole, 'station.yaml', { env: () => undefined, file });
      expect(result.ok ? [] : result.error).toEqual([]);
    },
  );

  it('has six examples and each state', () => {
    expect(examples).toHaveLength(6);
    const states = [...document.matchAll(/^\| `(\w+)`/gm)].map(([, state = '']) => state);
    expect(states.toSorted()).toEqual(Object.keys(linkAdvice).toSorted());
  });
});
