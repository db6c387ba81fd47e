import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { EscPosPrinter } from '../../../../src/devices/receipt-printer/escpos.ts';
import { encodePaper } from '../../../../src/devices/receipt-printer/paper.ts';
import type { Printed, PrinterStatus } from '../../../../src/devices/receipt-printer/receipt-printer.ts';
import { systemClock } from '../../../../src/kernel/clock.ts';
import { silentLog } from '../../../../src/kernel/log.ts';
import { openTcp } from '../../../../src/sip2/tcp.ts';
import { VirtualPrinter } from '../../../../src/simulator/printer/virtual-printer.ts';
import { eventually } from '../../../support/wait.ts';

const waitMsMax = 60_000;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** A printer with an Ethernet port, which takes one connection at a time as they do. */
class PrinterOnNetwork {
  readonly printer = new VirtualPrinter();
  readonly #server: Server;
  #socket: Socket | undefined;

  private constructor() {
    this.#server = createServer((socket) => {
      this.#socket?.destroy();
      this.#socket = socket;
      socket.on('error', () => socket.destroy());
      socket.on('data', (chunk: Buffer) => socket.write(this.printer.bytes(chunk)));
    });
  }

  static async start(): Promise<PrinterOnNetwork> {
    const printer = new PrinterOnNetwork();
    await printer.plug(0);
    cleanups.push(() => printer.unplug());
    return printer;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  plug(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
  }

  unplug(): Promise<void> {
    this.#socket?.destroy();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}

describe('a receipt printer on the network', () => {
  it('prints, goes away, comes back by itself and prints again', async () => {
    const network = await PrinterOnNetwork.start();
    const { port } = network;
    const statuses: PrinterStatus[] = [];
    const driver = new EscPosPrinter({
      open: openTcp('127.0.0.1', port),
      clock: systemClock,
      log: silentLog,
      path: `127.0.0.1:${port}`,
      dialect: 'epson',
    });
    driver.start({ onStatus: (status) => statuses.push(status) });
    cleanups.push(() => driver.stop());
    const becomes = (problem: PrinterStatus['problem']) =>
      eventually(
        `the printer is ${problem ?? 'well'}`,
        () => statuses.length > 0 && statuses.at(-1)?.problem === problem,
        waitMsMax,
      );
    const print = async (text: string): Promise<Printed | undefined> => {
      const printed: Printed[] = [];
      const paper = encodePaper([{ is: 'text', text }], { columns: 42, maker: 'epson', cut: 'full' });
      driver.print(paper, (one) => printed.push(one));
      await eventually('the print has ended', () => printed.length > 0, waitMsMax);
      return printed[0];
    };
    await becomes(undefined);
    expect(await print('Kiitos käynnistä')).toEqual({ is: 'printed' });
    expect(JSON.stringify(network.printer.paper)).toContain('Kiitos käynnistä');
    network.printer.become({ cover: 'open' });
    expect(await print('nothing')).toEqual({ is: 'failed', problem: 'coverOpen' });
    network.printer.become({ cover: 'closed' });

    await network.unplug();
    await becomes('away');
    expect(await print('nobody')).toEqual({ is: 'failed', problem: 'away' });
    await network.plug(port);
    await becomes(undefined);
    expect(await print('Tack')).toEqual({ is: 'printed' });
    expect(JSON.stringify(network.printer.paper)).not.toMatch(/nothing|nobody/);
  });
});
