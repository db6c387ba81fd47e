import { availableParallelism, cpus } from 'node:os';
import { systemClock } from '../src/kernel/clock.ts';
import { silentLog } from '../src/kernel/log.ts';
import { systemRandom } from '../src/kernel/random.ts';
import { costLog2Max, costLog2Min, deriveByScrypt, freshSalt } from '../src/station/offline/verifier.ts';
import { Verifiers } from '../src/station/offline/verifiers.ts';

/**
 * What it costs to guess PINs on a stolen disk: `node scripts/measure-guessing.ts`. Without the device key nothing can be
 * guessed, for a verifier does not open. With it (a machine that is taken whole, and made to open its TPM) each guess is a derivation.
 */

/** Guesses that are timed for each cost; their mean is told. */
const guessesMeasured = 6;

const digitsOfPin = [4, 5, 6] as const;

/** The processor's time, which is what a thief pays; what else runs on this machine does not count. */
async function secondsPerGuess(costLog2: number): Promise<number> {
  const secret = Buffer.from('0000');
  const began = process.cpuUsage();
  for (let guess = 0; guess < guessesMeasured; guess++) {
    await new Promise<void>((resolve, reject) => {
      deriveByScrypt(secret, freshSalt(systemRandom), costLog2, (hash) =>
        hash === undefined ? reject(new Error('no memory for it')) : resolve(),
      );
    });
  }
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1_000_000 / guessesMeasured;
}

/** What a station on this machine would choose. */
async function chosenCost(): Promise<number> {
  let chosen = costLog2Min;
  const verifiers = new Verifiers({
    key: () => undefined,
    machine: '',
    stored: () => undefined,
    hash: (card) => card,
    daysMax: 1,
    derive: deriveByScrypt,
    clock: systemClock,
    random: systemRandom,
    log: { ...silentLog, write: (_level, _event, fields) => (chosen = Math.log2(Number(fields?.count))) },
  });
  await new Promise<void>((resolve) => verifiers.measure(resolve));
  return chosen;
}

function inWords(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  if (seconds < 7_200) return `${(seconds / 60).toFixed(0)} min`;
  if (seconds < 172_800) return `${(seconds / 3_600).toFixed(1)} h`;
  return `${(seconds / 86_400).toFixed(1)} d`;
}

const cores = availableParallelism();
const chosen = await chosenCost();
console.log(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${cores} cores; a station here chooses N = 2^${chosen}`,
);
console.log('Without the device key: a verifier is sealed by AES-256-GCM; no PIN can be tried at all.');
console.log('With the device key, for one card, every PIN tried on all cores:');
for (let costLog2 = costLog2Min; costLog2 <= costLog2Max; costLog2++) {
  const seconds = await secondsPerGuess(costLog2);
  const whole = digitsOfPin.map((digits) => `${digits} digits ${inWords((seconds * 10 ** digits) / cores)}`);
  console.log(
    `  N = 2^${costLog2} (${2 ** (costLog2 - 10)} MiB): ${(seconds * 1_000).toFixed(0)} ms a guess; ${whole.join(', ')}`,
  );
}
