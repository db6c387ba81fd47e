import { encodeTag } from '../../src/rfid/encode-tag.ts';
import { readTag } from '../../src/rfid/read-tag.ts';
import type { TagModel } from '../../src/rfid/tag.ts';
import { figuresOf, type BenchRow } from './bench-row.ts';

/** The bound of the issue, in microseconds. */
const tagMicrosMax = 20;
const rounds = 15;
const calls = 10_000;
const memoryBytes = 112;

function memoryOf(model: TagModel): Uint8Array {
  const made = encodeTag(
    model,
    {
      primaryItemIdentifier: '30091001234567',
      ...(model === 'rfid501' ? {} : { owner: 'FI-Mamk-M', part: { number: 2, of: 3 } }),
    },
    { memoryBytes },
  );
  if (!made.ok) throw new Error(made.error);
  return made.value;
}

/** A tag of 112 bytes from its memory to its meaning, as often as it takes to be sure. */
export async function run(): Promise<BenchRow[]> {
  let kept = 0;
  const rows = (['iso28560-3', 'iso28560-2', 'rfid501'] as const).map((model): BenchRow => {
    const memory = memoryOf(model);
    if (readTag(memory).kind !== 'item') throw new Error(`${model} is not read`);
    const samples: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const start = process.hrtime.bigint();
      for (let call = 0; call < calls; call++) kept += readTag(memory).kind.length;
      // The first round warms up.
      if (round > 0) samples.push(Number(process.hrtime.bigint() - start) / 1000 / calls);
    }
    const figures = figuresOf(samples);
    return {
      name: `decode a tag of ${model}, ${memoryBytes} bytes`,
      unit: 'µs',
      ours: figures,
      bound: `under ${tagMicrosMax} µs`,
      pass: figures.median < tagMicrosMax,
    };
  });
  if (kept === 0) throw new Error('nothing was decoded');
  return await Promise.resolve(rows);
}
