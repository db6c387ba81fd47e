import { unreachable } from '../../src/kernel/assert.ts';
import type { IntentAct } from '../../src/shared/intent.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import type { Cable } from './cable.ts';
import type { Checks } from './checks.ts';
import type { Diary } from './diary.ts';
import type { FillingDisk } from './disk.ts';
import type { Machine } from './machine.ts';
import type { Network } from './network.ts';
import type { Pad } from './pad.ts';
import type { Deed, Doing } from './script.ts';
import type { Stream } from './streams.ts';

interface DeedParts {
  readonly clock: VirtualClock;
  /** How labels come over the scanner’s line. */
  readonly chance: Stream;
  readonly diary: Diary;
  readonly checks: Checks;
  readonly machine: Machine;
  readonly network: Network;
  readonly cable: Cable;
  readonly pad: Pad;
  readonly disk: FillingDisk;
}

/** Carries out what people and the world do, and writes it down. */
export class Deeds {
  partitions = 0;
  /** How often the ACS began to show an old state. */
  lags = 0;
  /** How often the scanner’s cable was pulled. */
  unplugs = 0;
  readonly #parts: DeedParts;
  #intents = 0;

  constructor(parts: DeedParts) {
    this.#parts = parts;
  }

  /** Something that people or the world do. */
  carryOut(doing: Doing): void {
    const deed: Deed = { ...doing, at: this.#parts.clock.monotonic() };
    this.#parts.diary.deeds.push(deed);
    switch (deed.do) {
      case 'act':
        return this.#act(deed.act);
      case 'scan':
        return this.#scan(deed.text);
      case 'lay':
        this.#parts.diary.note(`lays ${deed.item}`);
        this.#parts.checks.views.personal(deed.item);
        return this.#parts.pad.lay(deed.item, deed);
      case 'lift':
        this.#parts.diary.note(`lifts ${deed.item}`);
        return this.#parts.machine.survive(() => this.#parts.pad.lift(deed.item, deed.parts));
      case 'far':
        return this.#far(deed.item, deed.here);
      case 'bag':
        this.#parts.diary.note(`a bag with ${deed.item}`);
        this.#parts.checks.views.personal(deed.item);
        return this.#parts.pad.bag(deed.item, deed.forMs);
      case 'plate':
        this.#parts.diary.note(deed.plugged ? 'the reader is back' : 'the reader is unplugged');
        return this.#parts.machine.survive(() =>
          deed.plugged ? this.#parts.pad.plugIn() : this.#parts.pad.unplug(deed.reached),
        );
      case 'power':
        return this.#parts.machine.pullPlug(deed.darkMs);
      case 'acs':
        this.#parts.diary.note(deed.up ? 'the ACS came back' : 'the ACS went away');
        if (deed.up) this.#parts.network.up = true;
        else this.#parts.network.goDown();
        return;
      case 'lies':
        this.#parts.diary.note(deed.lies ? 'the ACS does nothing' : 'the ACS does what it says');
        this.#parts.network.lies = deed.lies;
        return this.#parts.checks.ledger.lies(deed.lies);
      case 'lags':
        this.#parts.diary.note(deed.lags ? 'the ACS shows an old state' : 'the ACS shows what is');
        if (deed.lags) this.lags += 1;
        this.#parts.network.lags = deed.lags;
        return this.#parts.checks.ledger.lags(deed.lags);
      case 'packets':
        this.#parts.diary.note(`packets vanish: ${deed.cut}`);
        if (deed.cut !== 'none') this.partitions += 1;
        this.#parts.network.cut = deed.cut;
        return;
      case 'cable':
        return this.#moveCable(deed.plugged);
      case 'clock':
        return this.#parts.clock.jump(deed.jumpMs);
      case 'disk':
        return this.#parts.disk.fill(deed.fullMs, deed.reserveLeft);
      default:
        return unreachable(deed);
    }
  }

  #far(item: string, here: boolean): void {
    this.#parts.diary.note(`another library’s ${item} ${here ? 'comes' : 'goes'}`);
    if (!here) return this.#parts.machine.survive(() => this.#parts.pad.liftFar(item));
    this.#parts.checks.views.personal(item);
    this.#parts.checks.views.farItem(item);
    this.#parts.pad.layFar(item);
  }

  #moveCable(plugged: boolean): void {
    if (plugged) return this.#parts.cable.plugIn();
    this.unplugs += 1;
    this.#parts.diary.note('the scanner is unplugged');
    this.#parts.machine.survive(() => this.#parts.cable.unplug());
  }

  #act(act: IntentAct): void {
    const { life } = this.#parts.machine;
    if (life?.latest === undefined) return;
    this.#intents += 1;
    const { epoch } = life.latest;
    this.#parts.machine.survive(() => life.station.loop.intent(`act-${this.#intents}`, epoch, act));
  }

  #scan(text: string): void {
    const { chance } = this.#parts;
    if (!text.startsWith('2C')) this.#parts.checks.views.personal(text);
    this.#parts.checks.tags.shown(text);
    const bytes = Buffer.from(`${text}\r`);
    const cut = chance.chance(0.2) ? chance.whole(1, bytes.length - 1) : bytes.length;
    this.#parts.machine.survive(() => this.#parts.cable.bytes(bytes.subarray(0, cut)));
    if (cut === bytes.length) return;
    this.#parts.clock.after(chance.whole(1, 20), () => this.#parts.cable.bytes(bytes.subarray(cut)));
  }
}
