import { plants, type PlantName } from './planted.ts';
import type { SentResult } from './run-result.ts';
import { World } from './world.ts';

export interface WorkerOrder {
  readonly from: number;
  readonly to: number;
  readonly sessions: number;
  readonly plant?: PlantName;
}

const [, , file] = process.argv;
if (file === undefined || process.send === undefined)
  throw new Error('runs as a worker of the simulation only');

process.on('message', (order: WorkerOrder) => {
  const results: SentResult[] = [];
  for (let seed = order.from; seed <= order.to; seed++) {
    const plant = order.plant === undefined ? undefined : plants[order.plant].plant;
    const result = new World({ seed, file, sessions: order.sessions, plant }).run();
    const failed = result.violationCount > 0;
    results.push({ ...result, script: failed ? result.script() : undefined });
  }
  process.send?.(results);
});
process.send('ready');
