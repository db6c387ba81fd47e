import { createReadStream, createWriteStream } from 'node:fs';
import type { PtyPair } from '../../src/simulator/pty.ts';

/** Puts an emulated device behind the other end of a pair of terminals. Has to be done anew after each plugging. */
export function serveOn(pair: PtyPair, device: { bytes(chunk: Uint8Array): Uint8Array }): void {
  const heard = createReadStream(pair.emulatorPath);
  const said = createWriteStream(pair.emulatorPath);
  heard.on('error', () => heard.destroy());
  said.on('error', () => said.destroy());
  heard.on('data', (chunk) => {
    const answer = device.bytes(Buffer.from(chunk));
    if (answer.length > 0 && !said.destroyed) said.write(answer);
  });
}
