import { plants, type PlantName } from './planted.ts';
import type { RunResult } from './run-result.ts';
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
  const results: RunResult[] = [];
  for (let seed = order.from; seed <= order.to; seed++) {
    const plant = order.plant === undefined ? undefined : plants[order.plant].plant;
    results.push(new World({ seed, file, sessions: order.sessions, plant }).run());
  }
  process.send?.(results);
});
process.send('ready');
