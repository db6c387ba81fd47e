import { unreachable } from '../../kernel/assert.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { AcsProcess } from '../acs/control-client.ts';
import type { AcsNews } from '../acs/control.ts';
import type { FaultKind } from '../acs/faults.ts';
import { personalities } from '../acs/personality.ts';
import type { PtyPair } from '../pty.ts';
import type { PrinterOnPty } from '../printer/printer-on-pty.ts';
import type { CardAndLamps } from './card-and-lamps.ts';
import type { CardAct, PlateAct, SwitchName } from './dock.ts';
import type { Plate, PlateState } from './plate.ts';
import type { WorldState } from './live.ts';
import { burstsOf, type ScanManner } from './scan-manners.ts';
import { shiftSeenWithinMs } from './shifted-clock.ts';

/** A slow library system answers after this: long enough to look at, shorter than the station's patience. */
export const slowAnswerMs = 2_500;
/** Of the paper that hangs out of the printer the end is shown. */
const paperLinesShown = 120;
const noPlate: PlateState = {
  plugged: false,
  lies: [],
  bag: [],
  gate: undefined,
  writesFail: false,
  flickers: false,
};
/** Loans, returns and renewals; a fault must not be used up by a question that nobody sees. */
const circulationCodes = ['11', '09', '29'] as const;

/** The parts of the demonstration, as they are at the moment. */
export interface WorldParts {
  readonly acs: () => AcsProcess | undefined;
  readonly scanner: () => PtyPair | undefined;
  readonly printer: () => PrinterOnPty | undefined;
  readonly plate: () => Plate | undefined;
  readonly cardAndLamps: () => CardAndLamps | undefined;
  /** Turns the station's wall clock. */
  readonly shiftClock: (byMs: number) => void;
  readonly clock: Clock;
  readonly onMoved: () => void;
}

/** What can be moved around the station. Each fails with a sentence where the part is not there. */
export class World {
  readonly #parts: WorldParts;
  #manner: ScanManner = 'well';
  #connected = true;
  #closed = false;
  #clockByMs = 0;
  #refusesLogin = false;
  /** Chosen at the dock; undefined: as it was started. */
  #personality: string | undefined;
  #scans: Promise<void> = Promise.resolve();

  constructor(parts: WorldParts) {
    this.#parts = parts;
  }

  /** Labels go over the cable one after the other. */
  scan(text: string): Promise<void> {
    const bursts = burstsOf(text, this.#manner);
    const scan = this.#scans.then(async () => {
      for (const { afterMs, bytes } of bursts) {
        if (afterMs > 0) await this.#pause(afterMs);
        await this.#scanner().write(bytes);
      }
    });
    this.#scans = scan.catch(() => undefined);
    return scan;
  }

  setManner(manner: ScanManner): void {
    this.#manner = manner;
    this.#parts.onMoved();
  }

  async turn(name: SwitchName, on: boolean): Promise<void> {
    await this.#turn(name, on);
    this.#parts.onMoved();
  }

  async fault(kind: FaultKind | 'none'): Promise<void> {
    await (kind === 'none' ? this.#acs().clearFaults() : this.#acs().faultOf(kind, [...circulationCodes]));
    this.#parts.onMoved();
  }

  /** Another library system, or one thing that goes wrong; the station keeps its profile. */
  async personality(name: string): Promise<void> {
    if (!(await this.#acs().personality(name))) throw new Error(`there is no personality ${name}`);
    this.#personality = name;
    this.#parts.onMoved();
  }

  /** A new process of the library system knows nothing of what was switched before. */
  async prepare(acs: AcsProcess): Promise<void> {
    await acs.refuseConnections(!this.#connected);
    await acs.onLine(!this.#closed);
    await acs.refuseLogin(this.#refusesLogin);
    if (this.#personality !== undefined) await acs.personality(this.#personality);
  }

  /** All is well again. */
  async mend(): Promise<void> {
    this.#manner = 'well';
    this.#connected = true;
    this.#closed = false;
    this.#refusesLogin = false;
    this.#personality = undefined;
    await this.#parts.scanner()?.replug();
    const printer = this.#parts.printer();
    printer?.printer.become({ paper: 'full', cover: 'closed' });
    printer?.printer.tearOff();
    await printer?.replug();
    await this.#parts.plate()?.mend();
    await this.#parts.cardAndLamps()?.mend();
    await this.setClock(0);
  }

  plate(act: PlateAct): void {
    const plate = this.#plate();
    switch (act.do) {
      case 'put':
        return plate.put(act.item, act.whole);
      case 'take':
        return plate.take(act.item);
      case 'walkOut':
        return plate.walkOut();
      default:
        unreachable(act);
    }
  }

  card(act: CardAct): void {
    const reader = this.#cardAndLamps();
    if (act.do === 'lay') reader.lay(act.card);
    else reader.take();
  }

  tearOff(): void {
    this.#printer().printer.tearOff();
    this.#parts.onMoved();
  }

  /** Turns the station's clock; done when the station goes by it. */
  async setClock(byMs: number): Promise<void> {
    this.#parts.shiftClock(byMs);
    await new Promise<void>((seen) => this.#parts.clock.after(shiftSeenWithinMs, seen));
    this.#clockByMs = byMs;
    this.#parts.onMoved();
  }

  state(news: AcsNews | undefined): Omit<WorldState, 'station'> {
    const status = this.#parts.acs() === undefined ? undefined : news?.status;
    return {
      scanner: { plugged: this.#parts.scanner()?.plugged === true, manner: this.#manner },
      acs: {
        up: this.#parts.acs() !== undefined,
        connected: this.#connected,
        slow: (status?.delayMs ?? 0) > 0,
        silent: status?.paused === true,
        closed: this.#closed,
        refusesLogin: this.#refusesLogin,
        personality: status?.personality ?? '',
        personalities: personalities.map(({ name }) => name),
        faults: status?.faults ?? [],
      },
      printer: this.#printerState(),
      plate: this.#parts.plate()?.state() ?? noPlate,
      card: this.#parts.cardAndLamps()?.card() ?? { plugged: false, lies: undefined },
      lamps: this.#parts.cardAndLamps()?.lamps() ?? [],
      clockByMs: this.#clockByMs,
    };
  }

  async #turn(name: SwitchName, on: boolean): Promise<void> {
    switch (name) {
      case 'scanner':
        await (on ? this.#scanner().replug() : this.#scanner().unplug());
        return;
      case 'cardReader':
        return this.#cardAndLamps().setPlugged(on);
      case 'acs':
        await this.#acs().refuseConnections(!on);
        this.#connected = on;
        return;
      case 'acsSlow':
        await this.#acs().delay(on ? slowAnswerMs : 0);
        return;
      case 'acsSilent':
        await this.#acs().pause(on);
        return;
      case 'acsClosed':
        await this.#acs().onLine(!on);
        this.#closed = on;
        await this.#comeAgain();
        return;
      case 'acsRefusesLogin':
        await this.#acs().refuseLogin(on);
        this.#refusesLogin = on;
        await this.#comeAgain();
        return;
      case 'printer':
        await (on ? this.#printer().replug() : this.#printer().unplug());
        return;
      case 'paper':
        return this.#printer().printer.become({ paper: on ? 'full' : 'out' });
      case 'paperLow':
        return this.#printer().printer.become({ paper: on ? 'low' : 'full' });
      case 'cover':
        return this.#printer().printer.become({ cover: on ? 'closed' : 'open' });
      case 'plate':
        return this.#plate().setPlugged(on);
      case 'tagsRefuse':
        return this.#plate().setWritesFail(on);
      case 'tagsFlicker':
        return this.#plate().setFlickers(on);
      default:
        unreachable(name);
    }
  }

  #printerState(): WorldState['printer'] {
    const on = this.#parts.printer();
    const { paper, cover } = on?.printer.condition ?? { paper: 'full', cover: 'closed' };
    return {
      plugged: on?.plugged === true,
      paper,
      coverOpen: cover === 'open',
      lines: on?.printer.paper.slice(-paperLinesShown) ?? [],
    };
  }

  #printer(): PrinterOnPty {
    const printer = this.#parts.printer();
    if (printer === undefined) throw new Error('the printer is just being made');
    return printer;
  }

  #cardAndLamps(): CardAndLamps {
    const made = this.#parts.cardAndLamps();
    if (made === undefined) throw new Error('the card reader is just being made');
    return made;
  }

  #plate(): Plate {
    const plate = this.#parts.plate();
    if (plate === undefined) throw new Error('the plate is just being made');
    return plate;
  }

  /** The station logs in and asks for the status when it connects. */
  async #comeAgain(): Promise<void> {
    await this.#acs().hangUp();
  }

  #acs(): AcsProcess {
    const acs = this.#parts.acs();
    if (acs === undefined) throw new Error('the library system is just being started');
    return acs;
  }

  #scanner(): PtyPair {
    const scanner = this.#parts.scanner();
    if (scanner === undefined) throw new Error('the scanner is just being made');
    return scanner;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#parts.clock.after(ms, resolve));
  }
}
