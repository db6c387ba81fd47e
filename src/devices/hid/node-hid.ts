import { err, ok, type Result } from '../../kernel/result.ts';
import { reasonOf } from './hid-list.ts';
import {
  isSelected,
  selectorWords,
  type HidEvents,
  type HidLink,
  type HidListed,
  type HidSelector,
  type OpenHid,
} from './hid-port.ts';

/** As much of an open device of `node-hid` as is used here. */
interface NodeHidDevice {
  on(event: 'data', listener: (data: Buffer) => void): unknown;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  close(): Promise<void>;
  sendFeatureReport(data: Buffer): Promise<number>;
  getFeatureReport(id: number, length: number): Promise<Buffer>;
}

/** As much of `node-hid` as is used here. */
export interface NodeHid {
  devicesAsync(): Promise<readonly HidListed[]>;
  readonly HIDAsync: { open(path: string): Promise<NodeHidDevice> };
}

/**
 * A HID device by way of `node-hid`, which on Linux reads `/dev/hidraw*`. Its native module is loaded at the first opening, and
 * a machine on which it cannot be loaded has devices that are away, with that reason.
 */
export function openNodeHid(
  selector: HidSelector,
  load: () => Promise<NodeHid> = () => import('node-hid'),
): OpenHid {
  return (events) => new NodeHidLink(selector, load, events);
}

class NodeHidLink implements HidLink {
  readonly #events: HidEvents;
  #device: NodeHidDevice | undefined;
  #ended = false;

  constructor(selector: HidSelector, load: () => Promise<NodeHid>, events: HidEvents) {
    this.#events = events;
    openFirst(selector, load).then(
      (device) => this.#opened(device),
      (error: unknown) => this.#lost(reasonOf(error)),
    );
  }

  sendFeature(bytes: Uint8Array, reply: (sent: Result<undefined, string>) => void): void {
    const sent = this.#device?.sendFeatureReport(Buffer.from(bytes)) ?? Promise.reject(new Error('not open'));
    sent.then(
      () => reply(ok(undefined)),
      (error: unknown) => reply(err(reasonOf(error))),
    );
  }

  getFeature(id: number, length: number, reply: (read: Result<Uint8Array, string>) => void): void {
    const read = this.#device?.getFeatureReport(id, length) ?? Promise.reject(new Error('not open'));
    read.then(
      (bytes) => reply(ok(bytes)),
      (error: unknown) => reply(err(reasonOf(error))),
    );
  }

  close(): void {
    this.#ended = true;
    this.#release();
  }

  #opened(device: NodeHidDevice): void {
    this.#device = device;
    if (this.#ended) return this.#release();
    device.on('error', (error) => this.#lost(reasonOf(error)));
    device.on('data', (data) => {
      if (!this.#ended) this.#events.report(data);
    });
    this.#events.opened();
  }

  #lost(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#release();
    this.#events.closed(reason);
  }

  #release(): void {
    const device = this.#device;
    this.#device = undefined;
    // A device that was pulled out may refuse to be closed; it is gone all the same.
    device?.close().catch(() => undefined);
  }
}

async function openFirst(selector: HidSelector, load: () => Promise<NodeHid>): Promise<NodeHidDevice> {
  const hid = await load();
  const listed = (await hid.devicesAsync()).find((one) => isSelected(one, selector));
  if (listed?.path === undefined) throw new Error(`no such device (${selectorWords(selector)})`);
  return await hid.HIDAsync.open(listed.path);
}
