import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { journalRestore } from '../../../src/cli/commands/journal/copy.ts';
import { makeCopy } from '../../../src/journal/copy.ts';
import { FileKeyStore, type KeyGuard } from '../../../src/journal/file-key-store.ts';
import { KeyWrap } from '../../../src/journal/key-wrap.ts';
import {
  begin,
  friday,
  openIn,
  openWhole,
  seededRandom,
  temporaryDirectory,
  value,
} from '../journal/support.ts';

const keyName = 'OMATOIMI_TEST_DEVICE_KEY';
const identity = await generateX25519Identity();
afterEach(() => {
  delete process.env[keyName];
});

async function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const told = { out: '', err: '' };
  const code = await journalRestore.run(args, {
    out: (line) => void (told.out += `${line}\n`),
    err: (line) => void (told.err += `${line}\n`),
    onStop: () => undefined,
  });
  return { code, ...told };
}

const guardOf = (hex: string): KeyGuard => ({
  wrap: new KeyWrap(Uint8Array.from(Buffer.from(hex, 'hex')), seededRandom(9)),
  wrapped: true,
});
const [oldKey, newKey] = ['ab'.repeat(32), 'cd'.repeat(32)];

/** A station whose device key is lost: its keys are wrapped by the old one, and a copy lies elsewhere. */
async function stranded() {
  const folder = temporaryDirectory();
  const [data, from] = [join(folder, 'data'), join(folder, 'elsewhere')];
  mkdirSync(data);
  mkdirSync(from);
  const recipient = await identityToRecipient(identity);
  const keyStore = value(FileKeyStore.open(join(data, 'keys.json'), seededRandom(4), guardOf(oldKey)));
  const { journal } = openWhole(data, { keyStore });
  journal.commit([begin(1), begin(2, { kind: 'checkin', state: 'waiting' })]);
  value(await makeCopy({ data, to: from, keys: keyStore.clearText(), recipient, now: friday }));
  journal.commit([begin(3)]);
  journal.close();
  const config = join(folder, 'station.yaml');
  writeFileSync(
    config,
    `configVersion: 1
library: { institutionId: A, name: { en: L } }
acs: { host: 127.0.0.1 }
data: { directory: data, libraryKey: ${recipient}, deviceKey: { from: environment, name: ${keyName} } }
`,
  );
  const key = join(folder, 'library.key');
  writeFileSync(key, `${identity}\n`, { mode: 0o600 });
  return { data, args: ['--from', from, '--config', config], identity: ['--identity', key] };
}

describe('omatoimi journal restore, where the device key was lost', () => {
  it('puts the keys of the copy back, wrapped by the new device key, and leaves the journal as it is', async () => {
    const { data, args, identity: key } = await stranded();
    process.env[keyName] = newKey;
    expect(await run(...args, ...key, '--keys')).toEqual({
      code: 0,
      out: 'The journal opens with the keys of the copy; nothing else was changed.\n',
      err: '',
    });
    const keyStore = value(FileKeyStore.open(join(data, 'keys.json'), seededRandom(1), guardOf(newKey)));
    expect(
      openIn(data, { keyStore })
        .open()
        .map(({ item, readable }) => [item, readable]),
    ).toEqual([
      ['item-1', true],
      ['item-2', true],
      ['item-3', true],
    ]);
  });

  it('needs the library’s key for that, and a device key', async () => {
    const { args, identity: key } = await stranded();
    process.env[keyName] = newKey;
    await expect(run(...args, '--keys')).rejects.toThrow('--keys needs --identity');
    await expect(run(...args, ...key, '--keys', '--replace')).rejects.toThrow('--keys needs --identity');
    delete process.env[keyName];
    expect(await run(...args, ...key, '--keys')).toMatchObject({
      code: 1,
      err: expect.stringContaining('the device key cannot be had'),
    });
  });
});
