import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import Database from 'better-sqlite3';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { journalSalvaged } from '../../../src/cli/commands/journal/salvaged.ts';
import { decryptWith } from '../../../src/journal/age.ts';
import { FileKeyStore } from '../../../src/journal/file-key-store.ts';
import { begin, move, openWhole, seededRandom, temporaryDirectory, value } from '../journal/support.ts';

const identity = await generateX25519Identity();

async function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const told = { out: '', err: '' };
  const code = await journalSalvaged.run(args, {
    out: (line) => void (told.out += `${line}\n`),
    err: (line) => void (told.err += `${line}\n`),
    onStop: () => undefined,
  });
  return { code, ...told };
}

/** A data folder whose journal was damaged and replaced, its configuration, and the sealed export. */
async function salvaged(): Promise<{
  readonly folder: string;
  readonly config: string;
  readonly file: string;
}> {
  const folder = temporaryDirectory();
  const keyStore = value(FileKeyStore.open(join(folder, 'keys.json'), seededRandom(4)));
  const { journal } = openWhole(folder, { keyStore });
  journal.commit([begin(1), begin(2, { kind: 'checkin', state: 'waiting' }), begin(3, { kind: 'renew' })]);
  journal.commit([move(1, 'accepted')]);
  journal.close();
  const db = new Database(join(folder, 'journal.db'));
  db.exec('drop table refusals');
  db.close();
  const file = openWhole(folder, { keyStore }).aside?.exported?.file ?? '';
  const config = join(folder, 'station.yaml');
  writeFileSync(
    config,
    `configVersion: 1
library: { institutionId: A, name: { en: L } }
acs: { host: 127.0.0.1 }
data: { directory: ., libraryKey: ${await identityToRecipient(identity)} }
`,
  );
  return { folder, config, file };
}

describe('omatoimi journal salvaged', () => {
  it('turns a sealed export into a file that the library opens', async () => {
    const { folder, config, file } = await salvaged();
    const out = join(folder, 'salvaged.koc.age');
    expect(await run(file, '--config', config, '--format', 'koha', '--out', out)).toEqual({
      code: 0,
      out: `2 transactions are in ${out}.\nTransaction 3 is not in it: Koha's file has no renew.\n`,
      err: '',
    });
    const opened = await decryptWith(identity, readFileSync(out));
    const text = opened.ok ? Buffer.from(opened.value).toString('utf8') : opened.error;
    expect(text).toMatch(/\tissue\tpatron-1\titem-1\n.*\treturn\titem-2\n$/);
  });

  it('writes it in clear only when told to, and says so', async () => {
    const { folder, config, file } = await salvaged();
    const out = join(folder, 'salvaged.csv');
    const ended = await run(file, '--config', config, '--format', 'csv', '--out', out, '--clear');
    expect(ended).toMatchObject({ code: 0, out: expect.stringContaining('IN CLEAR') });
    expect(readFileSync(out, 'utf8')).toContain('item-3');
  });

  it('refuses what is no export, and what there are no keys for', async () => {
    const { folder, config, file } = await salvaged();
    const out = join(folder, 'x.csv');
    const args = ['--config', config, '--format', 'csv', '--out', out, '--clear'];
    expect(await run(config, ...args)).toMatchObject({
      code: 1,
      err: expect.stringContaining('no sealed export'),
    });
    const keys = readFileSync(join(folder, 'keys.json'), 'utf8');
    writeFileSync(join(folder, 'keys.json'), 'no keys');
    expect(await run(file, ...args)).toMatchObject({ code: 1, err: expect.stringContaining('keys') });
    writeFileSync(join(folder, 'keys.json'), keys);
    await expect(run(file, '--config', config)).rejects.toThrow('needed');
  });
});
