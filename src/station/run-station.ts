import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock, type Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import { systemRandom } from '../kernel/random.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { Ils } from '../ils/ils.ts';
import { Sip2Ils } from '../ils/sip2-ils.ts';
import { lockDataDirectory, type LockFailure } from '../journal/directory-lock.ts';
import type { FileKeyStore } from '../journal/file-key-store.ts';
import { HandlingNote } from '../journal/handling-note.ts';
import { openJournal } from '../journal/open-journal.ts';
import type { SqliteJournal } from '../journal/sqlite-journal.ts';
import type { Profile } from '../sip2/profiles/profile.ts';
import type { FrameToStation } from '../shared/frames.ts';
import { contractVersion, type View } from '../shared/view.ts';
import { composeDevices } from './compose-devices.ts';
import type { StationConfig } from './config/schema.ts';
import { DeviceBoard } from './device-board.ts';
import { acsProfile } from './config/acs-profile.ts';
import { maybe } from './core/maybe.ts';
import { coreSettingsOf } from './core-settings.ts';
import { openAcs, terminatorOf } from './open-acs.ts';
import { serveStation, type StationClient, type StationServer } from './socket.ts';
import { stationSocketPath } from './socket-path.ts';
import { Copies, copyByProcess, journalFingerprint } from './copies.ts';
import { Desk } from './desk/desk.ts';
import { TagOrders } from './desk/tag-orders.ts';
import { composeDeviceKey } from './device-key/compose-device-key.ts';
import type { DeviceKey } from './device-key/device-key.ts';
import { keyGuard, needsDeviceKey, openKeys } from './open-keys.ts';
import type { LoopParts } from './loop.ts';
import { printerState } from '../devices/receipt-printer/advice.ts';
import { receiptPrinting } from './receipt/printing.ts';
import { readTemplate, standardTemplate, type ReceiptTemplate } from './receipt/template.ts';
import { holdToAcs, setAsideDeadly } from './offline/at-start.ts';
import { listsOf } from './offline/compose-lists.ts';
import { composeVerifiers, verifierDaysOf } from './offline/compose-verifiers.ts';
import type { Verifiers } from './offline/verifiers.ts';
import { Station } from './station.ts';
import { journalList, stationStatus } from './technician.ts';
import { startUpkeep } from './upkeep.ts';

/** How long "out of service" stands before the station starts anew; also the pause between two such starts. */
const brokenMs = 15_000;

/** Why the station cannot start, in one sentence for whoever starts it. */
export interface Refused {
  readonly sentence: string;
}

export interface RunOptions {
  readonly log: Log;
  /** Pages can connect from now on. */
  onListening(socket: string): void;
  onFailed(refused: Refused): void;
  /** The journal cannot be read before the device key is handed out; it starts when that is there. */
  readonly onWaiting?: () => void;
  /** The journal failed while the station ran; it has to be started anew. */
  onBroken(): void;
  /** Time as the station sees it; the machine’s own where it is left out. */
  readonly clock?: Clock;
  /** Called between the parts of a turn; the crash test kills the process here. */
  readonly boundary?: NonNullable<LoopParts['boundary']>;
}

export interface RunningStation {
  stop(): void;
}

/** Puts the station together from the configuration: the one place that knows all its parts. */
export function runStation(config: StationConfig, options: RunOptions): Result<RunningStation, Refused> {
  const { log, clock = systemClock } = options;
  const { directory } = config.data;
  const lock = lockDataDirectory(directory, { pid: process.pid, since: clock.now() });
  if (!lock.ok) return err({ sentence: lockSentence(directory, lock.error) });
  const deviceKey = composeDeviceKey(config, { clock, log });
  if (!deviceKey.ok) {
    const reason = deviceKey.error;
    if (needsDeviceKey(config)) return err({ sentence: `The device key cannot be had: ${reason}.` });
    // Without it no PIN is checked in an outage; all else is served.
    log.write('warning', 'deviceKey.notThere', { reason });
    return runOn(config, options, { lock: lock.value, deviceKey: undefined, deviceKeyMissing: reason });
  }
  const data = { lock: lock.value, deviceKey: deviceKey.value };
  const key = deviceKey.value;
  if (key === undefined || key.key() !== undefined || !needsDeviceKey(config))
    return runOn(config, options, data);
  // Without it the journal cannot be read: nothing is served until it is handed out.
  options.onWaiting?.();
  let running: RunningStation | undefined;
  key.whenThere(() => {
    const started = runOn(config, options, data);
    if (started.ok) running = started.value;
    else options.onFailed(started.error);
  });
  return ok({
    stop() {
      if (running !== undefined) return running.stop();
      key.stop();
      lock.value.release();
    },
  });
}

interface DataFolder {
  readonly lock: { release(): void };
  readonly deviceKey: DeviceKey | undefined;
  /** Why there is none although one is configured; for the technician. */
  readonly deviceKeyMissing?: string;
}

/** The data folder is this station's, and the device key is there if it is needed. */
function runOn(
  config: StationConfig,
  options: RunOptions,
  { lock, deviceKey, deviceKeyMissing }: DataFolder,
): Result<RunningStation, Refused> {
  const { log, clock = systemClock } = options;
  const { directory } = config.data;
  const keyStore = openKeys(config, keyGuard(config, deviceKey));
  if (!keyStore.ok) return err({ sentence: keyStore.error });
  const opened = openJournal({
    directory,
    keyStore: keyStore.value,
    zone: config.library.timeZone,
    random: systemRandom,
    now: () => clock.now(),
    log,
  });
  if (!opened.ok) {
    const why = opened.error.kind === 'full' ? 'no space is left' : opened.error.reason;
    return err({ sentence: `The journal in ${directory} cannot be opened: ${why}.` });
  }
  const { journal } = opened.value;
  const handling = new HandlingNote(join(directory, 'handling'));
  setAsideDeadly(journal, handling, clock.now(), log);
  const held = holdToAcs(journal, config, clock.now());
  if (!held.ok) return err({ sentence: held.error });
  const profile = acsProfile(config.acs, (path) => readFileSync(path, 'utf8'));
  if (!profile.ok)
    return err({ sentence: `The profile of the ACS cannot be used: ${JSON.stringify(profile.error)}.` });
  const ils = ilsOf(config, profile.value, { clock, log });
  if (!ils.ok)
    return err({ sentence: `The ACS cannot be spoken to as configured: ${JSON.stringify(ils.error)}.` });
  const template = templateOf(config);
  if (!template.ok) return err({ sentence: `The receipts cannot be made: ${template.error}.` });
  let endsSoon = false;
  const publish = (view: View): void => {
    server.publish(view);
    tagOrders.viewChanged();
    if (station.loop.state.disk !== 'broken' || endsSoon) return;
    // A journal that failed is not trusted again before it was opened anew: the supervisor’s restart does that.
    endsSoon = true;
    clock.after(brokenMs, () => options.onBroken());
  };
  const board = new DeviceBoard(config.devices);
  const station = compose(config, {
    profile: profile.value,
    journal,
    board,
    ils: ils.value,
    log,
    clock,
    handling,
    verifiers: composeVerifiers(config, journal, deviceKey, { clock, log }),
    publish,
    show: () => server.show(),
    template: template.value,
    ...(options.boundary === undefined ? {} : { boundary: options.boundary }),
  });
  const copies = copiesOf(config, keyStore.value, { clock, log });
  const desk = new Desk({
    journal,
    loop: station.loop,
    clock,
    log,
    random: systemRandom,
    keys: keyStore.value,
    ...(copies === undefined ? {} : { copies }),
  });
  const tagOrders = new TagOrders({
    loop: station.loop,
    reader: station.rfidReader,
    ils: ils.value,
    journal,
    clock,
    log,
  });
  const server: StationServer = serveStation({
    path: stationSocketPath(directory),
    clock,
    log,
    onFrame: (client, frame) =>
      answer(client, frame, { station, journal, desk, tagOrders, board, copies, deviceKeyMissing }),
    onListening: () => options.onListening(stationSocketPath(directory)),
    onFailed: (failure) =>
      options.onFailed({
        sentence: `The station's socket ${failure.path} cannot be used (${failure.kind}).`,
      }),
  });
  server.publish(station.loop.view());
  const lists = listsOf(config, journal, station.loop, { clock, log });
  station.start();
  lists?.start();
  const stopUpkeep = startUpkeep({
    journal,
    loop: station.loop,
    clock,
    log,
    settledDays: config.data.settledDays,
    verifierDays: verifierDaysOf(config),
    onDeleted: () => copies?.now(),
  });
  copies?.begin();
  return ok({
    stop() {
      stopUpkeep();
      copies?.stop();
      server.close();
      tagOrders.stop();
      station.stop();
      lists?.stop();
      deviceKey?.stop();
      handling.close();
      journal.close();
      lock.release();
    },
  });
}

/** The library system’s adapter as it is configured, for a command that asks it something. The error is a sentence. */
export function configuredIls(
  config: StationConfig,
  ports: { readonly clock: Clock; readonly log: Log },
): Result<Ils, string> {
  const profile = acsProfile(config.acs, (path) => readFileSync(path, 'utf8'));
  if (!profile.ok) return err(`its profile cannot be used: ${JSON.stringify(profile.error)}`);
  const ils = ilsOf(config, profile.value, ports);
  return ils.ok ? ils : err(`it cannot be spoken to as configured: ${JSON.stringify(ils.error)}`);
}

function ilsOf(
  config: StationConfig,
  profile: Profile,
  ports: { readonly clock: Clock; readonly log: Log },
): ReturnType<typeof Sip2Ils.create> {
  const { acs, library } = config;
  const { location } = acs;
  return Sip2Ils.create(
    {
      institutionId: library.institutionId,
      terminalPassword: acs.terminalPassword,
      login:
        acs.login === undefined || acs.transport === 'https'
          ? undefined
          : { ...acs.login, ...(location === undefined ? {} : { location }) },
      location,
      profile,
      // XML is UTF-8, whatever the library system speaks elsewhere.
      ...maybe('charset', acs.transport === 'https' ? 'utf-8' : acs.charset),
      ...maybe('terminator', terminatorOf(acs)),
      language: library.languages[0],
      errorDetection: acs.errorDetection,
      timeZone: library.timeZone,
      currency: library.currency,
      replyTimeoutMs: acs.replyTimeoutSeconds === undefined ? undefined : acs.replyTimeoutSeconds * 1_000,
      keepAliveMs: acs.keepAliveSeconds === undefined ? undefined : acs.keepAliveSeconds * 1_000,
      refusedRetryMs: acs.refusedRetrySeconds * 1_000,
      slowReplyMs: acs.slowReplySeconds * 1_000,
      downTimes: acs.downTimes,
    },
    { open: openAcs(acs, ports.clock, profile.rules.terminator), random: systemRandom, ...ports },
  );
}

interface Composed {
  readonly profile: Profile;
  readonly journal: SqliteJournal;
  readonly board: DeviceBoard;
  readonly ils: Ils;
  readonly log: Log;
  readonly clock: Clock;
  readonly handling: HandlingNote;
  readonly verifiers: Verifiers | undefined;
  readonly publish: StationServer['publish'];
  readonly show: StationServer['show'];
  readonly template: ReceiptTemplate;
  readonly boundary?: NonNullable<LoopParts['boundary']>;
}

function compose(
  config: StationConfig,
  { profile, journal, board, log, clock, template, ...parts }: Composed,
): Station {
  const ports = { clock, random: systemRandom, log };
  const { printer, ...devices } = composeDevices(config.devices, {
    ...ports,
    onRfidReader: (index, status) => board.tell('rfid-reader', index, status),
  });
  const libraryName = config.library.name;
  return new Station({
    ...ports,
    ...parts,
    settings: coreSettingsOf(config, (value) => journal.hash(value), profile),
    journal,
    tagRules: config.collections.tags,
    onScanner: (index, status) => board.tell('barcode-scanner', index, status),
    onCardReader: (index, status) => board.tell('card-reader', index, status),
    onRelay: (index, status) => board.tell('relay', index, status),
    ...devices,
    receipts:
      printer === undefined
        ? undefined
        : receiptPrinting({
            printer: printer.device,
            paper: printer.paper,
            template,
            libraryName,
            onStatus: (status) => board.tell('receipt-printer', 0, { state: printerState(status) }),
          }),
  });
}

function templateOf({ receipt }: StationConfig): Result<ReceiptTemplate, string> {
  return receipt.template === undefined ? ok(standardTemplate) : readTemplate(receipt.template);
}

interface Asked {
  readonly station: Station;
  readonly journal: SqliteJournal;
  readonly desk: Desk;
  readonly tagOrders: TagOrders;
  readonly board: DeviceBoard;
  readonly copies: Copies | undefined;
  readonly deviceKeyMissing: string | undefined;
}

function answer(
  client: StationClient,
  frame: Exclude<FrameToStation, { kind: 'watch' }>,
  { station, journal, desk, tagOrders, board, copies, deviceKeyMissing }: Asked,
): void {
  if (frame.kind === 'intent') {
    const { id, epoch, act } = frame.intent;
    return station.loop.intent(id, epoch, act);
  }
  if (frame.kind === 'desk') {
    return client.send({ v: contractVersion, kind: 'told', id: frame.id, answer: desk.ask(frame.ask) });
  }
  if (frame.kind === 'tags') {
    const withdraw = tagOrders.carryOut(frame.ask, (done) =>
      client.send({ v: contractVersion, kind: 'told', id: frame.id, answer: done }),
    );
    return client.onGone(withdraw);
  }
  const told =
    frame.about === 'status'
      ? stationStatus(station.loop, journal, board, { copies, deviceKeyMissing })
      : journalList(journal);
  client.send({ v: contractVersion, kind: 'told', id: frame.id, answer: told });
}

/** The copy elsewhere, where the configuration wants one. */
function copiesOf(
  { data }: StationConfig,
  keys: FileKeyStore,
  ports: { readonly clock: Clock; readonly log: Log },
): Copies | undefined {
  const { directory, copy, libraryKey } = data;
  if (copy === undefined || libraryKey === undefined) return undefined;
  return new Copies({
    ...ports,
    settings: { ...copy, recipient: libraryKey },
    start: copyByProcess(directory, () => keys.clearText()),
    fingerprint: () => journalFingerprint(directory),
  });
}

function lockSentence(directory: string, failure: LockFailure): string {
  if (failure.kind === 'unusable') return `The data folder ${directory} cannot be used: ${failure.reason}.`;
  const who = failure.holder === undefined ? '' : ` (process ${failure.holder.pid})`;
  return `Another station works in ${directory}${who}. One data folder belongs to one station.`;
}
