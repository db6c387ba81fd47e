import {
  SerialBarcodeScanner,
  pieceGapMsMax,
  setupQuietMs,
} from '../../../src/devices/barcode-scanner/driver.ts';
import type { Scan } from '../../../src/devices/barcode-scanner/scanner.ts';
import { setupCommands } from '../../../src/devices/barcode-scanner/setup-commands.ts';
import { SsiBarcodeScanner } from '../../../src/devices/barcode-scanner/ssi.ts';
import type { CardRead, CardReader } from '../../../src/devices/card-reader/card-reader.ts';
import { ScannerCardReader } from '../../../src/devices/card-reader/scanner-card-reader.ts';
import { Twn4CardReader, twn4TimeoutMs } from '../../../src/devices/card-reader/twn4.ts';
import { filePollMs, openDeviceFile } from '../../../src/devices/device-file.ts';
import {
  answerMsMax,
  EscPosPrinter,
  lookEveryMs,
  printLookEveryMs,
} from '../../../src/devices/receipt-printer/escpos.ts';
import { printMsMax } from '../../../src/devices/receipt-printer/receipt-printer.ts';
import { callTimeoutMs, checkEveryMs, KeptRelays } from '../../../src/devices/relay/kept-relays.ts';
import { kmtronicRelay, kmtronicTimeoutMs } from '../../../src/devices/relay/kmtronic-relay-link.ts';
import { lcusRelay, modbusRelay, modbusTimeoutMs } from '../../../src/devices/relay/serial-relay-link.ts';
import type { OpenRelay } from '../../../src/devices/relay/relay-link.ts';
import { pieceGapMsMax as wirePieceGapMs } from '../../../src/devices/wire/runner.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import type { AnsweringDevice } from '../../../src/simulator/device-on-pty.ts';
import { Twn4Emulator } from '../../../src/simulator/card-reader/twn4-emulator.ts';
import { VirtualPrinter } from '../../../src/simulator/printer/virtual-printer.ts';
import type { SerialRelays } from '../../../src/simulator/relay/relay-emulators.ts';
import type { CuttableCable } from '../../support/cuttable-cable.ts';

/** A driver at the end of a cable, and what it told. */
export interface Rig {
  readonly device: AnsweringDevice;
  /** Starts the driver. */
  start(cable: CuttableCable, told: Told): void;
  /** Gives the command, or has the device do what is to be read. */
  begin(cable: CuttableCable, round: number): void;
  /** Whether the device did it, where that is to be seen. */
  isDone?(round: number): boolean;
  /** Ends what the command began, where something stays. */
  end?(): void;
  /** What the device lost while the cable was out. */
  lost?(): void;
  stop(): void;
}

/** What a driver tells. */
export interface Told {
  state(state: string): void;
  /** A reply, or something that was read. */
  came(what: string): void;
}

/** A wait that no other has, so that it can be told from them. */
const pieceGapMs = 501;

const silent: AnsweringDevice = { bytes: () => new Uint8Array(0) };

function tellScan(told: Told): (scan: Scan) => void {
  return (scan) => told.came(scan.kind === 'text' ? scan.text : scan.why);
}

/** A label that no round before had: the same one again would count as the same scan. */
export function label(round: number): string {
  return `A${String(round).padStart(6, '0')}`;
}

export function plainScanner(): Rig {
  let scanner: SerialBarcodeScanner | undefined;
  return {
    device: silent,
    start(cable, told) {
      const clock = cable.clock({ silences: [pieceGapMs] });
      scanner = new SerialBarcodeScanner({
        open: cable.open,
        clock,
        log: silentLog,
        path: cable.path,
        pieceGapMs,
      });
      scanner.start({ onScan: tellScan(told), onStatus: ({ state }) => told.state(state) });
    },
    begin: (cable, round) => cable.say(Buffer.from(`${label(round)}\r`)),
    stop: () => scanner?.stop(),
  };
}

/** A scanner that is told something at each opening. */
export function setUpScanner(): Rig {
  let scanner: SerialBarcodeScanner | undefined;
  const setup = [setupCommands['wgc300-scan']];
  return {
    device: silent,
    start(cable, told) {
      const clock = cable.clock({ silences: [pieceGapMs], pauses: [setupQuietMs] });
      const options = { open: cable.open, clock, log: silentLog, path: cable.path, pieceGapMs, setup };
      scanner = new SerialBarcodeScanner(options);
      scanner.start({ onScan: tellScan(told), onStatus: ({ state }) => told.state(state) });
    },
    begin: (cable, round) => cable.say(Buffer.from(`${label(round)}\r`)),
    stop: () => scanner?.stop(),
  };
}

/** Zebra’s frames, made without the driver’s encoder. */
function ssiFrame(...data: readonly number[]): Uint8Array {
  const counted = [data.length + 1, ...data];
  const sum = counted.reduce((one, other) => one + other, 0);
  const check = (0x1_0000 - (sum & 0xffff)) & 0xffff;
  return Uint8Array.of(...counted, check >> 8, check & 0xff);
}

/** @param damaged the first try of each scan arrives damaged, and is sent again when it is refused */
export function ssiScanner(damaged: boolean): Rig {
  let scanner: SsiBarcodeScanner | undefined;
  let frame: Uint8Array = new Uint8Array(0);
  let heard: number[] = [];
  return {
    device: {
      bytes(chunk) {
        heard = [...heard, ...chunk].slice(-7);
        const refused = Buffer.from(heard).toString('hex') === '05d1040001ff25';
        return refused ? frame : new Uint8Array(0);
      },
    },
    start(cable, told) {
      const clock = cable.clock({ silences: [pieceGapMsMax] });
      scanner = new SsiBarcodeScanner({ open: cable.open, clock, log: silentLog, path: cable.path });
      scanner.start({ onScan: tellScan(told), onStatus: ({ state }) => told.state(state) });
    },
    begin(cable, round) {
      frame = ssiFrame(0xf3, 0, 0, 0x01, ...Buffer.from(label(round)));
      const wrong = Uint8Array.from(frame);
      wrong[6] = (wrong[6] ?? 0) ^ 1;
      cable.say(damaged ? wrong : frame);
    },
    lost: () => (heard = []),
    stop: () => scanner?.stop(),
  };
}

function tellCards(told: Told): Parameters<CardReader['start']>[0] {
  return {
    onCard: (card: CardRead) => told.came(card.kind === 'card' ? card.text : card.why),
    onPresence: (present) => told.came(present ? 'lies there' : 'taken'),
    onStatus: ({ state }) => told.state(state),
  };
}

export function cardInSlot(): Rig {
  let reader: CardReader | undefined;
  return {
    device: silent,
    start(cable, told) {
      const clock = cable.clock({ silences: [pieceGapMs] });
      const options = { open: cable.open, clock, log: silentLog, path: cable.path, pieceGapMs };
      reader = new ScannerCardReader(new SerialBarcodeScanner(options));
      reader.start(tellCards(told));
    },
    begin: (cable, round) => cable.say(Buffer.from(`${label(round)}\r`)),
    stop: () => reader?.stop(),
  };
}

/** A card is laid there for a command, and taken at its end or while the cable is out. */
export function contactless(): Rig {
  const emulator = new Twn4Emulator();
  let reader: CardReader | undefined;
  return {
    device: emulator,
    start(cable, told) {
      const clock = cable.clock({ silences: [twn4TimeoutMs, wirePieceGapMs] });
      reader = new Twn4CardReader({
        open: cable.open,
        clock,
        log: silentLog,
        path: cable.path,
        form: { base: 'hex', reverse: false, digits: 0 },
        lookEveryMs: 8,
      });
      reader.start(tellCards(told));
    },
    begin: (_cable, round) => emulator.put(`04${label(round).slice(1)}AABBCC`),
    end: () => emulator.take(),
    lost: () => emulator.take(),
    stop: () => reader?.stop(),
  };
}

/** @param asFile the port is opened as the file that a printer on USB is */
export function printer(asFile: boolean): Rig {
  const virtual = new VirtualPrinter();
  let driver: EscPosPrinter | undefined;
  let tell: Told | undefined;
  return {
    device: virtual,
    start(cable, told) {
      tell = told;
      driver = new EscPosPrinter({
        open: asFile
          ? cable.through(openDeviceFile(cable.path, cable.clock({ silences: [], pauses: [filePollMs] })))
          : cable.open,
        clock: cable.clock({ silences: [answerMsMax, printMsMax, lookEveryMs], pauses: [printLookEveryMs] }),
        log: silentLog,
        path: cable.path,
        dialect: 'epson',
      });
      driver.start({
        onStatus: ({ problem = 'ready' }) => told.state(problem === 'away' ? 'offline' : problem),
      });
    },
    begin(_cable, round) {
      driver?.print(receipt(round), (printed) =>
        tell?.came(printed.is === 'printed' ? 'printed' : `failed: ${printed.problem}`),
      );
    },
    isDone(round) {
      const lines = virtual.paper.flatMap((line) => (line.is === 'text' ? [line.text] : []));
      return lines.at(-1) === label(round) && virtual.paper.at(-1)?.is === 'cut';
    },
    stop: () => driver?.stop(),
  };
}

/** Begins anew, sets a code page, prints a line and cuts. */
export function receipt(round: number): Uint8Array {
  return Uint8Array.of(0x1b, 0x40, 0x1b, 0x74, 16, ...Buffer.from(label(round)), 0x0a, 0x1d, 0x56, 0);
}

type LinkOf = (open: CuttableCable['open'], clock: ReturnType<CuttableCable['clock']>) => OpenRelay;

export const relayLinks = {
  lcus: lcusRelay,
  kmtronic: (open, clock) => kmtronicRelay(open, clock, [1, 2]),
  modbus: (open, clock) => modbusRelay(open, clock, 1),
} satisfies Record<string, LinkOf>;

/** Two lamps. The command switches one of them; each plugging finds the board without memory. */
export function relays(board: SerialRelays, link: LinkOf): Rig {
  let kept: KeptRelays | undefined;
  let on = false;
  return {
    device: board,
    start(cable, told) {
      const silences = [callTimeoutMs, checkEveryMs, modbusTimeoutMs, kmtronicTimeoutMs, wirePieceGapMs];
      const clock = cable.clock({ silences });
      const open = link(cable.open, clock);
      kept = new KeptRelays({ open, clock, log: silentLog, path: cable.path, channels: [1, 2] });
      kept.start({ onStatus: ({ state }) => told.state(state) });
    },
    begin() {
      on = !on;
      kept?.set(1, on);
    },
    isDone: () => board.on.has(1) === on && !board.on.has(2),
    lost: () => board.powerCut(),
    stop: () => kept?.stop(),
  };
}
