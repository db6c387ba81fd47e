import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { HidListed } from '../../../src/devices/hid/hid-port.ts';
import { selectorWords } from '../../../src/devices/hid/hid-port.ts';
import { openNodeHid, type NodeHid } from '../../../src/devices/hid/node-hid.ts';
import { eventually } from '../../support/wait.ts';

class FakeDevice extends EventEmitter {
  closed = 0;
  sent: Buffer[] = [];
  close(): Promise<void> {
    this.closed += 1;
    return Promise.reject(new Error('it is gone'));
  }
  sendFeatureReport(data: Buffer): Promise<number> {
    this.sent.push(data);
    return this.closed > 0 ? Promise.reject(new Error('write error')) : Promise.resolve(data.length);
  }
  getFeatureReport(id: number, length: number): Promise<Buffer> {
    return Promise.resolve(Buffer.alloc(length, id));
  }
}

const listed: HidListed[] = [
  { path: '/dev/hidraw0', vendorId: 0x46d, productId: 0xc31c, usagePage: 1, usage: 6 },
  { path: '/dev/hidraw1', vendorId: 0x5e0, productId: 0x1900, usagePage: 0x8c, usage: 2, serialNumber: 'S1' },
];

function bench(module: Partial<NodeHid> = {}) {
  const device = new FakeDevice();
  const opened: string[] = [];
  const seen: string[] = [];
  const hid: NodeHid = {
    devicesAsync: () => Promise.resolve(listed),
    HIDAsync: {
      open: (path) => {
        opened.push(path);
        return Promise.resolve(device);
      },
    },
    ...module,
  };
  const events = {
    opened: () => seen.push('opened'),
    closed: (reason: string) => seen.push(`closed: ${reason}`),
    report: (bytes: Uint8Array) => seen.push(Buffer.from(bytes).toString('hex')),
  };
  return { device, opened, seen, hid, events };
}

describe('a HID device through node-hid', () => {
  it('is the first that fits, and tells what it reports', async () => {
    const { device, opened, seen, hid, events } = bench();
    openNodeHid({ usagePage: 0x8c }, () => Promise.resolve(hid))(events);
    expect(seen).toEqual([]);
    await eventually('it opens', () => seen.includes('opened'));
    device.emit('data', Buffer.of(1, 2));
    expect(opened).toEqual(['/dev/hidraw1']);
    expect(seen).toEqual(['opened', '0102']);
  });

  it.each([
    ['is not there', { vendorId: 1 }, {}, 'closed: no such device (HID 0001:*)'],
    [
      'may not be opened',
      {},
      { HIDAsync: { open: () => Promise.reject(new Error('cannot open device with path /dev/hidraw0')) } },
      'closed: cannot open device with path /dev/hidraw0',
    ],
    [
      'has no library',
      {},
      {
        devicesAsync: () =>
          Promise.reject(
            new Error('libusb-1.0.so.0: cannot open shared object file: No such file or directory'),
          ),
      },
      'closed: libusb-1.0.so.0 is missing; on Debian: apt-get install libusb-1.0-0 libudev1',
    ],
  ])('that %s is away, with the reason', async (_what, selector, module, expected) => {
    const { seen, hid, events } = bench(module);
    openNodeHid(selector, () => Promise.resolve(hid))(events);
    await eventually('it closes', () => seen.length > 0);
    expect(seen).toEqual([expected]);
  });

  it('that is pulled out is closed once, also where it cannot be', async () => {
    const { device, seen, hid, events } = bench();
    openNodeHid({}, () => Promise.resolve(hid))(events);
    await eventually('it opens', () => seen.includes('opened'));
    device.emit('error', new Error('could not read from HID device'));
    device.emit('error', new Error('again'));
    device.emit('data', Buffer.of(1));
    expect(seen).toEqual(['opened', 'closed: could not read from HID device']);
    expect(device.closed).toBe(1);
  });

  it('that is closed while it opens is closed when it is open', async () => {
    const { device, seen, hid, events } = bench();
    openNodeHid({}, () => Promise.resolve(hid))(events).close();
    await eventually('it is closed', () => device.closed === 1);
    expect(seen).toEqual([]);
  });

  it('sends and asks for feature reports, and tells when it cannot', async () => {
    const { device, seen, hid, events } = bench();
    const link = openNodeHid({}, () => Promise.resolve(hid))(events);
    const answers: unknown[] = [];
    link.sendFeature(Uint8Array.of(0, 0xff), (sent) => answers.push(sent));
    await eventually('it opens and says that it was not open', () => seen.length + answers.length === 2);
    link.sendFeature(Uint8Array.of(0, 0xff, 1), (sent) => answers.push(sent));
    link.getFeature(1, 2, (read) => answers.push(read));
    await eventually('both answer', () => answers.length === 3);
    expect(answers).toEqual([
      { ok: false, error: 'not open' },
      { ok: true, value: undefined },
      { ok: true, value: Buffer.of(1, 1) },
    ]);
    expect(device.sent).toEqual([Buffer.of(0, 0xff, 1)]);
  });

  it('is looked for with the real module, whose libraries this machine may lack', async () => {
    const { seen, events } = bench();
    const link = openNodeHid({ vendorId: 0xffff, productId: 0xffff })(events);
    await eventually('it says that there is none', () => seen.length > 0);
    link.close();
    expect(seen).toEqual([
      expect.stringMatching(/^closed: (no such device \(HID ffff:ffff\)$|.* is missing; )/),
    ]);
  });
});

it('a selector reads as words', () => {
  expect(selectorWords({})).toBe('HID any');
  expect(selectorWords({ path: '/dev/hidraw3', vendorId: 1 })).toBe('/dev/hidraw3');
  expect(selectorWords({ vendorId: 0x5e0, serialNumber: 'S1', usagePage: 0x8c })).toBe(
    'HID 05e0:*, serial number S1, usage page 008c',
  );
});
