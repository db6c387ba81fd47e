import { deviceParsers } from './fuzz/devices.ts';
import type { FuzzedParser } from './fuzz/parser.ts';
import { profileParsers } from './fuzz/profiles.ts';
import { rfidReaderParsers } from './fuzz/rfid.ts';
import { sip2Parsers } from './fuzz/sip2.ts';
import { stationParsers } from './fuzz/station.ts';
import { tagParsers } from './fuzz/tags.ts';

/** Every parser that reads bytes from outside; a new one is added here. */
const parsers: readonly FuzzedParser[] = [
  ...sip2Parsers,
  ...stationParsers,
  ...rfidReaderParsers,
  ...tagParsers,
  ...deviceParsers,
  ...profileParsers,
];

/**
 * Hostile bytes into every parser: `npm run fuzz -- --seconds N --seed S`. A failure prints the input as hexadecimal digits;
 * the same seed gives the same inputs in the same order.
 */
const secondsDefault = 30;
/** Longest input beside what its seeds bring. */
const inputBytesMax = 2048;
/** One input may not take longer; a parser that hangs is as bad as one that throws. */
const inputMsMax = 2_000;
const failuresShownMax = 20;

interface Chance {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
}

/** A small generator (xorshift); enough to make bytes, and the same on every machine. */
function chance(seed: number): Chance {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  return {
    below(limit) {
      state ^= state << 13;
      state >>>= 0;
      state ^= state >>> 17;
      state ^= state << 5;
      state >>>= 0;
      return limit <= 0 ? 0 : state % limit;
    },
  };
}

/** Bytes that parsers stumble over. */
const nasty: readonly string[] = [
  '0d',
  '0a',
  '0d0a',
  '00',
  '7c',
  '7c7c',
  'ff',
  'c3',
  'efbbbf',
  '415930415a',
  '20'.repeat(18),
  '1b5b',
  'e280ae',
  'f09f9880',
];
const nastyBytes = nasty.map((hex) => Buffer.from(hex, 'hex'));

function pick<T>(list: readonly T[], random: Chance): T {
  const found = list[random.below(list.length)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
}

function randomBytes(random: Chance): Buffer {
  const bytes = Buffer.alloc(random.below(inputBytesMax));
  for (let index = 0; index < bytes.length; index++) bytes[index] = random.below(256);
  return bytes;
}

function change(bytes: Buffer, random: Chance, seeds: readonly Uint8Array[]): Buffer {
  const at = random.below(bytes.length + 1);
  const rest = bytes.subarray(at);
  switch (random.below(6)) {
    case 0: {
      const changed = Buffer.from(bytes);
      if (changed.length > 0) changed[at % changed.length] = random.below(256);
      return changed;
    }
    case 1:
      return Buffer.concat([bytes.subarray(0, at), pick(nastyBytes, random), rest]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), rest.subarray(random.below(rest.length + 1))]);
    case 3:
      return bytes.subarray(0, at);
    case 4:
      return Buffer.concat([bytes.subarray(0, at), pick(seeds, random)]);
    default:
      return Buffer.concat([bytes, rest.subarray(0, inputBytesMax)]);
  }
}

function inputFor(parser: FuzzedParser, random: Chance): Buffer {
  if (random.below(8) === 0) return randomBytes(random);
  let bytes = Buffer.from(pick(parser.seeds, random));
  for (let changes = random.below(6); changes > 0; changes--)
    bytes = Buffer.from(change(bytes, random, parser.seeds));
  return bytes;
}

function cutsFor(input: Buffer, random: Chance): number[] {
  const count = random.below(6);
  return Array.from({ length: count }, () => random.below(input.length + 1)).toSorted((a, b) => a - b);
}

/** What went wrong, or undefined. */
function tried(parser: FuzzedParser, input: Buffer, cuts: readonly number[]): string | undefined {
  const started = performance.now();
  try {
    parser.read(input, cuts);
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const tookMs = performance.now() - started;
  return tookMs > inputMsMax ? `took ${Math.round(tookMs)} ms` : undefined;
}

function option(name: string, otherwise: number): number {
  const at = process.argv.indexOf(`--${name}`);
  if (at < 0) return otherwise;
  const value = Number(process.argv[at + 1]);
  if (Number.isFinite(value) && value >= 0) return value;
  console.error(`--${name} needs a number`);
  process.exit(2);
}

const seconds = option('seconds', secondsDefault);
const seed = option('seed', Math.floor(performance.timeOrigin) % 2 ** 31);
console.log(`seed ${seed}, ${seconds} s: ${parsers.map(({ name }) => name).join(', ')}`);
const random = chance(seed);
const until = performance.now() + seconds * 1_000;
const inputsOf = new Map<string, number>();
let failures = 0;
do {
  for (const parser of parsers) {
    const input = inputFor(parser, random);
    const cuts = cutsFor(input, random);
    const problem = tried(parser, input, cuts);
    inputsOf.set(parser.name, (inputsOf.get(parser.name) ?? 0) + 1);
    if (problem === undefined) continue;
    failures++;
    if (failures <= failuresShownMax) {
      console.error(`${parser.name}: ${problem}\n  input ${input.toString('hex')}\n  cuts ${cuts.join(' ')}`);
    }
  }
} while (performance.now() < until);
const inputs = [...inputsOf.values()].reduce((sum, count) => sum + count, 0);
for (const [name, count] of inputsOf) console.log(`  ${name}: ${count}`);
console.log(`fuzz: ${inputs} inputs, ${failures} failures`);
if (failures > 0) process.exitCode = 1;
