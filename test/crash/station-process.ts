import { flushCompileCache } from 'node:module';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock, type Clock } from '../../src/kernel/clock.ts';
import { LineReader } from '../../src/kernel/lines.ts';
import { loadConfig } from '../../src/station/config/load.ts';
import { jsonLog } from '../../src/station/json-log.ts';
import { runStation } from '../../src/station/run-station.ts';
import type { BoundaryBefore } from '../../src/station/loop.ts';
import { namesOf, type Where } from './boundaries.ts';
import { orderSchema, type Order, type TornCommit } from './orders.ts';
import { logEnd, type LogEnd } from './wal.ts';

/**
 * The station's own composition in a process that dies where it is told to: `node station-process.ts FILE`. It ends with its
 * standard input. The shipped `src/station/main.ts` has no such orders.
 */
const loaded = loadConfig(process.argv[2] ?? '');
if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
const config = loaded.value;
const journalFile = join(config.data.directory, 'journal.db');

let offsetMs = 0;
const clock: Clock = { ...systemClock, now: () => systemClock.now() + offsetMs };
const log = jsonLog((line) => void process.stderr.write(line), clock);

type Awaited = Exclude<Order, { do: 'forget' }>;

let waiting: { order: Awaited; left: number }[] = [];
let commitUnderWay: { readonly before: LogEnd; readonly main: string; readonly word: string } | undefined;

/** Boundaries that this process came by, once each, for the table at the end of a run. */
const comeBy = new Set<string>();

function boundary(where: Where, before: BoundaryBefore): void {
  if (commitUnderWay !== undefined) dieAfter(commitUnderWay);
  const names = namesOf(where, before);
  for (const name of names) comeAt(name);
  for (const one of waiting) {
    if (one.order.do === 'dieAfterCommit' && where !== 'commit') continue;
    if (one.order.do === 'dieAtBoundary' && !names.includes(one.order.name)) continue;
    one.left -= 1;
    if (one.left === 0) carryOut(one.order, names);
  }
}

function comeAt(name: string): void {
  if (comeBy.has(name)) return;
  comeBy.add(name);
  process.stdout.write(`${JSON.stringify({ came: name })}\n`);
}

function carryOut(order: Awaited, names: readonly string[]): void {
  switch (order.do) {
    case 'dieAtBoundary':
      writeFileSync(order.word, JSON.stringify(names));
      return die();
    case 'killAtBoundary':
      writeFileSync(order.word, JSON.stringify(names));
      process.kill(order.pid, 'SIGKILL');
      return;
    case 'jumpAtBoundary':
      offsetMs += order.byMs;
      return;
    case 'dieAfterCommit':
      commitUnderWay = { before: logNow(), main: mainNow(), word: order.word };
      return;
    default:
      throw new Error(`no such order: ${JSON.stringify(order satisfies never)}`);
  }
}

function dieAfter({ before, main, word }: NonNullable<typeof commitUnderWay>): void {
  const after = logNow();
  const torn: TornCommit = {
    fromByte: after.salt === before.salt ? before.endByte : 0,
    toByte: after.endByte,
    mainChanged: mainNow() !== main,
  };
  writeFileSync(word, JSON.stringify(torn));
  die();
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

function logNow(): LogEnd {
  try {
    return logEnd(readFileSync(`${journalFile}-wal`));
  } catch {
    return { endByte: 0, salt: '' };
  }
}

function mainNow(): string {
  const { size, mtimeMs } = statSync(journalFile);
  return `${size} ${mtimeMs}`;
}

const started = runStation(config, {
  log,
  clock,
  boundary,
  onListening: (socket) => {
    process.stdout.write(`${JSON.stringify({ ready: true, socket, pid: process.pid })}\n`);
    // Whoever is killed writes nothing at its end; the next start is quicker by it.
    flushCompileCache();
  },
  onFailed: ({ sentence }) => cannotStart(sentence),
  onBroken: () => process.exit(1),
});
if (!started.ok) cannotStart(started.error.sentence);

function cannotStart(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(3);
}

const orders = new LineReader(65_536);
process.stdin.on('data', (chunk: Buffer) => {
  for (const line of orders.push(chunk)) {
    if (line === 'tooLong') throw new Error('an order is too long');
    const order = orderSchema.parse(JSON.parse(line.toString('utf8')));
    if (order.do === 'forget') waiting = [];
    else waiting.push({ order, left: order.count });
    process.stdout.write(`${JSON.stringify({ taken: order.do })}\n`);
  }
});
process.stdin.on('end', () => process.exit(0));
