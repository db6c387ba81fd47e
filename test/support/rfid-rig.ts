import { FeigProtocol } from '../../src/devices/rfid-reader/feig/protocol.ts';
import { PadProtocol } from '../../src/devices/rfid-reader/pad-810/protocol.ts';
import { PolledRfidReader } from '../../src/devices/rfid-reader/polled-reader.ts';
import type { ReaderProtocol } from '../../src/devices/rfid-reader/protocol.ts';
import type {
  Field,
  FieldTag,
  RfidReaderStatus,
  TagOutcome,
} from '../../src/devices/rfid-reader/rfid-reader.ts';
import { Rl866Protocol } from '../../src/devices/rfid-reader/rl866/protocol.ts';
import { afiScheme, type SecurityScheme } from '../../src/devices/rfid-reader/security.ts';
import { silentLog } from '../../src/kernel/log.ts';
import type { Random } from '../../src/kernel/random.ts';
import { EmulatedPort } from '../../src/simulator/rfid/emulated-port.ts';
import type { ReaderEmulator } from '../../src/simulator/rfid/emulator.ts';
import { FeigEmulator } from '../../src/simulator/rfid/feig-emulator.ts';
import { PadEmulator } from '../../src/simulator/rfid/pad-emulator.ts';
import { Rl866Emulator } from '../../src/simulator/rfid/rl866-emulator.ts';
import { TagField, VirtualTag, type TagOptions } from '../../src/simulator/rfid/tag-field.ts';
import { Stream } from '../simulation/streams.ts';
import { VirtualClock } from './virtual-clock.ts';

/** A family of readers: our side and the reader’s. */
export interface ReaderFamily {
  readonly name: string;
  readonly baudRate: number;
  protocol(): ReaderProtocol;
  emulator(field: TagField): ReaderEmulator;
}

export const families: readonly ReaderFamily[] = [
  {
    name: 'FEIG OBID, standard frames',
    baudRate: 38_400,
    protocol: () => new FeigProtocol({ form: 'standard', easCheck: true }),
    emulator: (field) => new FeigEmulator({ field }),
  },
  {
    name: 'FEIG OBID, advanced frames',
    baudRate: 38_400,
    protocol: () => new FeigProtocol({ form: 'advanced', easCheck: true }),
    emulator: (field) => new FeigEmulator({ field }),
  },
  {
    name: '3M pad',
    baudRate: 19_200,
    protocol: () => new PadProtocol(),
    emulator: (field) => new PadEmulator({ field }),
  },
  {
    name: '3M pad with an old firmware',
    baudRate: 19_200,
    protocol: () => new PadProtocol(),
    emulator: (field) => new PadEmulator({ field, oldFirmware: true }),
  },
  {
    name: 'RL866',
    baudRate: 38_400,
    protocol: () => new Rl866Protocol({ easCheck: true }),
    emulator: (field) => new Rl866Emulator({ field }),
  },
];

export interface RfidRigOptions {
  readonly family: ReaderFamily;
  readonly scheme?: SecurityScheme;
  readonly random?: Random;
  readonly emulator?: (field: TagField) => ReaderEmulator;
  readonly protocol?: () => ReaderProtocol;
}

/** A real driver on a virtual clock, before an emulated reader that looks at a virtual field of tags. */
export class RfidRig {
  readonly clock = new VirtualClock();
  readonly field: TagField;
  readonly emulator: ReaderEmulator;
  readonly port: EmulatedPort;
  readonly reader: PolledRfidReader;
  readonly fields: Field[] = [];
  readonly statuses: RfidReaderStatus[] = [];
  readonly outcomes: TagOutcome[] = [];

  constructor({
    family,
    scheme = afiScheme,
    random = new Stream(1, 'field'),
    emulator,
    protocol,
  }: RfidRigOptions) {
    const { clock } = this;
    this.field = new TagField(random);
    this.emulator = (emulator ?? family.emulator)(this.field);
    this.port = new EmulatedPort({ emulator: this.emulator, clock, baudRate: family.baudRate });
    this.reader = new PolledRfidReader({
      open: this.port.open,
      clock,
      log: silentLog,
      path: 'rig',
      protocol: protocol ?? family.protocol,
      scheme,
    });
  }

  start(): this {
    this.reader.start({
      onStatus: (status) => this.statuses.push(status),
      onField: (field) => this.fields.push(field),
    });
    return this;
  }

  /** A reader that has found what lies before it. */
  static settled(options: RfidRigOptions, ...tags: readonly TagOptions[]): RfidRig {
    const rig = new RfidRig(options);
    rig.field.put(...tags.map((tag) => new VirtualTag(tag)));
    rig.start().clock.advance(5_000);
    return rig;
  }

  get states(): readonly string[] {
    return this.statuses.map(({ state }) => state);
  }

  get tags(): readonly FieldTag[] {
    return this.fields.at(-1)?.tags ?? [];
  }

  tag(uid: string): FieldTag | undefined {
    return this.tags.find((tag) => tag.uid === uid);
  }

  virtual(uid: string): VirtualTag {
    const tag = this.field.tags.find((other) => other.uid === uid);
    if (tag === undefined) throw new Error(`no tag ${uid} lies there`);
    return tag;
  }

  readonly reply = (outcome: TagOutcome): void => {
    this.outcomes.push(outcome);
  };

  /** Sets the security and waits, in virtual time, for what comes of it. */
  secure(uid: string, secured: boolean): TagOutcome | undefined {
    const before = this.outcomes.length;
    this.reader.setSecurity(uid, secured, this.reply);
    for (let waited = 0; this.outcomes.length === before && waited < commandSecondsMax; waited += 1) {
      this.clock.advance(1_000);
    }
    return this.outcomes[before];
  }
}

/** No command takes longer, whatever fails: each try has its time-out. */
const commandSecondsMax = 120;

/** The UID of the n-th tag of a test. */
export function uidNumber(n: number): string {
  return `E0040100${n.toString(16).padStart(8, '0').toUpperCase()}`;
}
