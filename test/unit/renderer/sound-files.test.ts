import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const headerBytes = 44;

/** A sound of the station: PCM, one channel, 16 bit. */
function sound(name: string) {
  const file = readFileSync(`assets/sounds/${name}.wav`);
  const rateHz = file.readUInt32LE(24);
  const samples = new Int16Array(Uint8Array.from(file.subarray(headerBytes)).buffer);
  const part = (fromMs: number, toMs: number) =>
    samples.subarray((fromMs * rateHz) / 1_000, (toMs * rateHz) / 1_000);
  return {
    lengthMs: (samples.length * 1_000) / rateHz,
    /** By the crossings of zero, upwards. */
    pitchHz: (fromMs: number, toMs: number): number => {
      const heard = part(fromMs, toMs);
      let crossings = 0;
      for (let at = 1; at < heard.length; at += 1) {
        if ((heard[at - 1] ?? 0) < 0 && (heard[at] ?? 0) >= 0) crossings += 1;
      }
      return (crossings * 1_000) / (toMs - fromMs);
    },
    loudness: (fromMs: number, toMs: number): number =>
      Math.max(...part(fromMs, toMs).map((sample) => Math.abs(sample))),
  };
}

describe('the sounds are told apart with the eyes shut', () => {
  it('yes rises', () => {
    const yes = sound('yes');
    expect(yes.pitchHz(150, 250)).toBeGreaterThan(1.3 * yes.pitchHz(10, 80));
  });
  it('no falls', () => {
    const no = sound('no');
    expect(no.pitchHz(220, 350)).toBeLessThan(0.75 * no.pitchHz(10, 140));
  });
  it('attention is three times the same', () => {
    const attention = sound('attention');
    const first = attention.pitchHz(10, 90);
    for (const fromMs of [170, 330]) {
      expect(Math.abs(attention.pitchHz(fromMs, fromMs + 80) / first - 1)).toBeLessThan(0.05);
    }
    for (const fromMs of [140, 300]) {
      expect(attention.loudness(fromMs, fromMs + 15)).toBeLessThan(0.1 * attention.loudness(0, 60));
    }
  });
  it('and each is short', () => {
    for (const name of ['yes', 'no', 'attention']) expect(sound(name).lengthMs).toBeLessThan(700);
  });
});
