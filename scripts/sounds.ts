/**
 * Makes the station's three sounds into `assets/sounds`: `node scripts/sounds.ts`.
 * Each has a contour of its own, so that they are told apart with the eyes shut: yes rises, no falls, attention repeats.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const sampleRateHz = 22_050;
const loudest = 0.5;
const attackMs = 6;

interface Note {
  readonly pitchHz: number;
  readonly startMs: number;
  readonly lengthMs: number;
}

const sounds: Readonly<Record<string, readonly Note[]>> = {
  yes: [
    { pitchHz: 659.26, startMs: 0, lengthMs: 120 },
    { pitchHz: 987.77, startMs: 90, lengthMs: 240 },
  ],
  no: [
    { pitchHz: 440, startMs: 0, lengthMs: 180 },
    { pitchHz: 293.66, startMs: 150, lengthMs: 340 },
  ],
  attention: [
    { pitchHz: 783.99, startMs: 0, lengthMs: 130 },
    { pitchHz: 783.99, startMs: 160, lengthMs: 130 },
    { pitchHz: 783.99, startMs: 320, lengthMs: 190 },
  ],
};

/** The loudness of a soft mallet at one moment of a note: a fundamental, two fading partials, a decay. */
function loudnessAt(note: Note, atMs: number): number {
  const since = atMs - note.startMs;
  if (since < 0 || since > note.lengthMs) return 0;
  const attack = Math.min(1, since / attackMs);
  const release = (1 - since / note.lengthMs) ** 2;
  const turn = (2 * Math.PI * note.pitchHz * since) / 1000;
  const timbre = Math.sin(turn) + 0.28 * release * Math.sin(2 * turn) + 0.12 * release * Math.sin(3 * turn);
  return attack * release * timbre;
}

/** A sound as a WAV file: PCM, one channel, 16 bit. */
function wavOf(notes: readonly Note[]): Buffer {
  const lengthMs = Math.max(...notes.map((note) => note.startMs + note.lengthMs));
  const samples = Math.ceil((lengthMs * sampleRateHz) / 1000);
  const data = Buffer.alloc(samples * 2);
  for (let sample = 0; sample < samples; sample += 1) {
    const atMs = (sample * 1000) / sampleRateHz;
    const sum = notes.reduce((total, note) => total + loudnessAt(note, atMs), 0);
    data.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sum * loudest)) * 32_767), sample * 2);
  }
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16); // length of the format chunk
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // one channel
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE(sampleRateHz * 2, 28); // bytes a second
  header.writeUInt16LE(2, 32); // bytes a sample
  header.writeUInt16LE(16, 34); // bits a sample
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'assets', 'sounds');
mkdirSync(folder, { recursive: true });
for (const [name, notes] of Object.entries(sounds)) writeFileSync(join(folder, `${name}.wav`), wavOf(notes));
