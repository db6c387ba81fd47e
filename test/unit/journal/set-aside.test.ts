import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Log } from '../../../src/kernel/log.ts';
import { HandlingNote } from '../../../src/journal/handling-note.ts';
import { parseConfig } from '../../../src/station/config/load.ts';
import type { StationConfig } from '../../../src/station/config/schema.ts';
import { holdToAcs, setAsideDeadly } from '../../../src/station/offline/at-start.ts';
import { begin, friday, idOf, move, openIn, temporaryDirectory } from './support.ts';

function config(acs: string): StationConfig {
  const text = `configVersion: 1\nlibrary: { institutionId: INST, name: { en: L } }\nacs: { ${acs} }\n`;
  const parsed = parseConfig(text, 'station.yaml', { env: () => undefined, file: () => '' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
}

function listening(): { readonly log: Log; readonly events: string[] } {
  const events: string[] = [];
  return { events, log: { write: (_level, event) => void events.push(event) } };
}

describe('the note of what is worked on', () => {
  it('outlives the process, and is gone after one that ended in order', () => {
    const file = join(temporaryDirectory(), 'handling');
    const killed = new HandlingNote(file);
    killed.write(idOf(1));
    killed.write(idOf(2));
    const next = new HandlingNote(file);
    expect(next.read()).toBe(idOf(2));
    next.close();
    expect(new HandlingNote(file).read()).toBeUndefined();
    expect(readFileSync(file)).toHaveLength(32);
  });

  it('that says anything else says nothing, and one that cannot be opened either', () => {
    const file = join(temporaryDirectory(), 'handling');
    writeFileSync(file, 'garbage');
    expect(new HandlingNote(file).read()).toBeUndefined();
    const nowhere = new HandlingNote(join(file, 'no', 'folder'));
    nowhere.write(idOf(1));
    expect(nowhere.read()).toBeUndefined();
    nowhere.close();
  });
});

describe('a transaction that ends the station', () => {
  it.each(['waiting', 'intended'] as const)(
    'three times (%s) is set aside, and the rest goes on',
    (state) => {
      const directory = temporaryDirectory();
      const note = new HandlingNote(join(directory, 'handling'));
      const { log, events } = listening();
      let journal = openIn(directory);
      journal.commit([begin(1, { state }), begin(2, { state: 'waiting' })]);
      for (let death = 1; death <= 3; death++) {
        expect(journal.open()).toHaveLength(2);
        note.write(idOf(1));
        // It is counted before anything else is done, and the count outlives the process.
        setAsideDeadly(journal, note, friday, log);
        journal.close();
        journal = openIn(directory);
      }
      expect(journal.open().map(({ id }) => id)).toEqual([idOf(2)]);
      expect(journal.list({ state: 'staff', limit: 9 })).toMatchObject([
        { id: idOf(1), rule: 'stoppedStation' },
      ]);
      expect(events).toEqual(['station.diedOn', 'station.diedOn', 'station.diedOn', 'station.setAside']);
    },
  );

  it('counts nothing where the process ended in order, or over something settled', () => {
    const directory = temporaryDirectory();
    const note = new HandlingNote(join(directory, 'handling'));
    const { log } = listening();
    const journal = openIn(directory);
    journal.commit([begin(1), move(1, 'accepted')]);
    for (let start = 0; start < 5; start++) {
      note.write(idOf(1));
      setAsideDeadly(journal, note, friday, log);
      setAsideDeadly(journal, note, friday, log);
    }
    expect(journal.list({ limit: 9 })).toMatchObject([{ state: 'accepted' }]);
  });
});

describe('another library system', () => {
  const first = config('host: 127.0.0.1');

  it('is taken where nothing waits', () => {
    const journal = openIn(temporaryDirectory());
    expect(holdToAcs(journal, first, friday)).toEqual({ ok: true, value: undefined });
    journal.commit([begin(1), move(1, 'accepted')]);
    expect(holdToAcs(journal, config('host: localhost'), friday).ok).toBe(true);
    expect(journal.knownAcs()).toBe('localhost:6001 INST');
  });

  it('is refused where something waits for the old one, with a sentence that says what to do', () => {
    const journal = openIn(temporaryDirectory());
    holdToAcs(journal, first, friday);
    journal.commit([begin(1, { state: 'waiting' })]);
    const refused = holdToAcs(journal, config('host: localhost'), friday);
    expect(refused).toMatchObject({
      ok: false,
      error: expect.stringMatching(/1 transactions .* "127\.0\.0\.1:6001 INST".*acs\.formerly/),
    });
    expect(journal.knownAcs()).toBe('127.0.0.1:6001 INST');
    expect(holdToAcs(journal, first, friday).ok).toBe(true);
  });

  it('is taken with what waits, where the configuration says that it is the same library', () => {
    const journal = openIn(temporaryDirectory());
    holdToAcs(journal, first, friday);
    journal.commit([begin(1, { state: 'waiting' })]);
    const moved = config('host: localhost, formerly: [{ acs: "127.0.0.1:6001 INST", waiting: send }]');
    expect(holdToAcs(journal, moved, friday).ok).toBe(true);
    expect(journal.open()).toHaveLength(1);
    expect(journal.knownAcs()).toBe('localhost:6001 INST');
  });

  it('leaves what waits to staff, where the configuration says so', () => {
    const journal = openIn(temporaryDirectory());
    holdToAcs(journal, first, friday);
    journal.commit([begin(1, { state: 'waiting' }), begin(2), begin(3), move(3, 'uncertain')]);
    const changed = config('host: localhost, formerly: [{ acs: "127.0.0.1:6001 INST", waiting: staff }]');
    expect(holdToAcs(journal, changed, friday).ok).toBe(true);
    expect(journal.open()).toEqual([]);
    expect(journal.list({ state: 'staff', limit: 9 }).map(({ rule }) => rule)).toEqual([
      'acs.changed',
      'acs.changed',
      'acs.changed',
    ]);
  });
});
