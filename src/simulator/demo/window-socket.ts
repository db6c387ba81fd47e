import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { ByteStream, OpenByteStream } from '../../kernel/bytes.ts';
import { stationSocketPath } from '../../station/socket-path.ts';
import { prepareSocketFolder } from '../../station/socket.ts';

/** One window, one that is opened again, and some to spare. */
const windowsMax = 4;
/** A window that leaves this much unread is let go; it comes again by itself. */
const backlogBytesMax = 8_388_608;

/** Where the window of the demonstration in this folder joins. */
export function windowSocketPath(directory: string): string {
  return stationSocketPath(join(directory, 'window-socket'));
}

/**
 * The demonstration’s own door to its station, for the Electron window: frames pass as they are, and whoever made
 * `connectStation` may look on. The shell itself has no place to look from, in a demonstration or anywhere. Like the station’s own
 * socket it is there while the station is.
 */
export class WindowSocket {
  readonly path: string;
  readonly #connectStation: OpenByteStream;
  readonly #windows = new Set<Socket>();
  #server: Server | undefined;

  constructor(path: string, connectStation: OpenByteStream) {
    this.path = path;
    this.#connectStation = connectStation;
  }

  /** The station is up. */
  open(): Promise<void> {
    this.close();
    const fault = prepareSocketFolder(this.path);
    if (fault !== undefined) {
      return Promise.reject(new Error(`the window cannot be let in at ${this.path}: ${fault.reason}`));
    }
    // Left behind by a demonstration that was killed; only one runs in a folder.
    rmSync(this.path, { force: true });
    const server = createServer((window) => this.#joined(window));
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.on('error', reject);
      server.listen({ path: this.path }, resolve);
    });
  }

  /** The station is away. */
  close(): void {
    this.#server?.close();
    this.#server = undefined;
    for (const window of this.#windows) window.destroy();
  }

  #joined(window: Socket): void {
    if (this.#windows.size >= windowsMax) {
      window.destroy();
      return;
    }
    this.#windows.add(window);
    // What the window says before the station is reached waits in its socket.
    window.pause();
    const station: ByteStream = this.#connectStation({
      opened: () => window.resume(),
      bytes: (chunk) => {
        window.write(chunk);
        if (window.writableLength > backlogBytesMax) window.destroy();
      },
      closed: () => window.destroy(),
    });
    window.on('data', (chunk: Buffer) => void station.write(chunk));
    window.on('error', () => undefined);
    window.on('close', () => {
      this.#windows.delete(window);
      station.close();
    });
  }
}
