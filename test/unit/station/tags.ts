import type { TagOutcome } from '../../../src/devices/rfid-reader/rfid-reader.ts';
import type { TagItem, TagPart, TypeOfUsage } from '../../../src/rfid/tag.ts';
import type { Sighting } from '../../../src/station/core/tag-state.ts';
import type { RfidSettings } from '../../../src/station/settings.ts';
import { Driver } from './driver.ts';

export const rfid: RfidSettings = { security: true, sets: 'everyPart', owners: ['FI-Own'] };

export interface Tag {
  readonly uid: string;
  readonly item: string;
  readonly part?: TagPart;
  readonly owner?: string;
  readonly usage?: TypeOfUsage;
  readonly offlineUse?: TagItem['offlineUse'];
}

export function sighting({
  uid,
  item,
  part,
  owner = 'FI-Own',
  usage = 'circulating',
  offlineUse,
}: Tag): Sighting {
  return {
    uid,
    still: true,
    secured: 'yes',
    dropOuts: 0,
    reading: {
      kind: 'item',
      item: {
        model: 'iso28560-3',
        primaryItemIdentifier: item,
        owner,
        usage,
        deviations: [],
        ...(part === undefined ? {} : { part }),
        ...(offlineUse === undefined ? {} : { offlineUse }),
      },
    },
  };
}

/** The parts of a set, by their UIDs. */
export function setOf(item: string, ...uids: readonly string[]): Tag[] {
  return uids.map((uid, index) => ({ uid, item, part: { number: index + 1, of: uids.length } }));
}

/** A table with a reader under it: the pure core, and tags that a test lays down, lifts and answers for. */
export class Table {
  readonly driver: Driver;
  /** What the reader sees. */
  sightings: readonly Sighting[] = [];
  /** What each command found, so that a gate can be asked. */
  readonly secured = new Map<string, boolean>();

  constructor(options: ConstructorParameters<typeof Driver>[0] = {}) {
    this.driver = Driver.online({ ...options, settings: { rfid, ...options.settings } });
    this.driver.happen({ type: 'rfidReader', ready: true });
  }

  #tell(): this {
    this.driver.happen({ type: 'field', field: { tags: this.sightings, tooMany: false } });
    return this.takeIn();
  }

  /** Each item that waits for its turn has it. */
  takeIn(): this {
    for (let turns = 0; this.driver.state.tags.takeInComes; turns++) {
      if (turns > 50) throw new Error('it takes in without end');
      this.driver.happen({ type: 'takeIn' });
    }
    return this;
  }

  lay(...tags: readonly Tag[]): this {
    for (const { uid } of tags) if (!this.secured.has(uid)) this.secured.set(uid, true);
    this.sightings = [...this.sightings, ...tags.map(sighting)];
    return this.#tell();
  }

  lift(...uids: readonly string[]): this {
    this.sightings = this.sightings.filter(({ uid }) => !uids.includes(uid));
    return this.#tell();
  }

  change(uid: string, change: Partial<Sighting>): this {
    this.sightings = this.sightings.map((one) => (one.uid === uid ? { ...one, ...change } : one));
    return this.#tell();
  }

  /** The command to a tag that is under way. */
  get command(): { readonly uid: string; readonly secured: boolean } | undefined {
    const { job } = this.driver.state.tags;
    return job === undefined ? undefined : { uid: job.uid, secured: job.secured };
  }

  /** The reader answers the command. What it did is known to the gate. */
  answer(outcome: TagOutcome, reached = outcome.kind === 'done'): this {
    const { job } = this.driver.state.tags;
    if (job === undefined) throw new Error('no command is under way');
    if (reached) this.secured.set(job.uid, job.secured);
    this.driver.happen({ type: 'tagReplied', job: job.number, outcome });
    return this.takeIn();
  }

  /** Does all that is commanded. */
  obey(): this {
    for (let turns = 0; this.command !== undefined; turns++) {
      if (turns > 50) throw new Error('it commands without end');
      this.answer({ kind: 'done' });
    }
    return this;
  }

  /** What the journal was told of tags, by its words. */
  get tagRows(): readonly string[] {
    return this.driver.rows.flatMap((row) => {
      if (row.row === 'tagBegin') return [`${row.aim} ${row.uids.join('+')}`];
      return row.row === 'tagMove' ? [`${row.to} ${row.rule}`] : [];
    });
  }

  row(item: string): { readonly state: string; readonly key: string } | undefined {
    const row = this.driver.items.find((one) => one.item === item);
    return row === undefined ? undefined : { state: row.state, key: row.message.key };
  }
}
