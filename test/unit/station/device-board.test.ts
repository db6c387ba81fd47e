import { describe, expect, it } from 'vitest';
import { DeviceBoard } from '../../../src/station/device-board.ts';
import { parseConfig } from '../../../src/station/config/load.ts';

function devicesOf(devices: string) {
  const config = parseConfig(
    `configVersion: 1\nlibrary: { institutionId: X, name: { en: X } }\nacs: { host: 127.0.0.1 }\ndevices:\n${devices}`,
    'x.yaml',
    { env: () => undefined, file: () => '' },
  );
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  return config.value.devices;
}

describe('what a technician is told of the devices', () => {
  it('is the last status of each, with what to look at', () => {
    const board = new DeviceBoard(
      devicesOf(
        '  - { kind: rfid-reader, driver: rl866, path: /dev/a }\n  - { kind: barcode-scanner, path: /dev/b }\n  - { kind: rfid-reader, driver: feig-obid, host: pad.example, port: 10001 }\n',
      ),
    );
    expect(board.lines()).toEqual([
      { kind: 'rfid-reader', driver: 'rl866', port: '/dev/a', state: 'unknown' },
      { kind: 'barcode-scanner', driver: 'serial', port: '/dev/b', state: 'unknown' },
      { kind: 'rfid-reader', driver: 'feig-obid', port: 'pad.example:10001', state: 'unknown' },
    ]);
    board.tell('rfid-reader', 0, { state: 'ready', words: 'RL866' });
    board.tell('rfid-reader', 1, { state: 'silent' });
    board.tell('barcode-scanner', 0, { state: 'offline', reason: 'unplugged' });
    expect(board.lines()).toEqual([
      { kind: 'rfid-reader', driver: 'rl866', port: '/dev/a', state: 'ready', reason: 'RL866' },
      {
        kind: 'barcode-scanner',
        driver: 'serial',
        port: '/dev/b',
        state: 'offline',
        reason: 'unplugged',
        advice: expect.stringContaining('cable') as string,
      },
      {
        kind: 'rfid-reader',
        driver: 'feig-obid',
        port: 'pad.example:10001',
        state: 'silent',
        advice: expect.stringContaining('power') as string,
      },
    ]);
  });
});
