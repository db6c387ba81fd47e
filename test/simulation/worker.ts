import { enableCompileCache, flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { PlantName } from './planted.ts';
import type { RunResult } from './run-result.ts';

export interface WorkerOrder {
  readonly from: number;
  readonly to: number;
  readonly sessions: number;
  readonly plant?: PlantName;
}

// Half of a worker’s start is stripping types and compiling; the next one finds it done.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/omatoimi-node', import.meta.url)));
const { plants } = await import('./planted.ts');
const { World } = await import('./world.ts');
flushCompileCache();

const port = parentPort;
if (port === null) throw new Error('runs as a worker only');
const { file } = workerData as { file: string };

port.on('message', (order: WorkerOrder) => {
  const results: RunResult[] = [];
  for (let seed = order.from; seed <= order.to; seed++) {
    const plant = order.plant === undefined ? undefined : plants[order.plant].plant;
    results.push(new World({ seed, file, sessions: order.sessions, plant }).run());
  }
  port.postMessage(results);
});
port.postMessage('ready');
