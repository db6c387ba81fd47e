import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** `sockaddr_un` holds 108 bytes on Linux and 104 on macOS, the closing zero among them. */
const socketPathBytesMax = 103;

/**
 * Where the station of a data directory listens: a Unix domain socket in a folder of its own, or a named pipe on Windows.
 * The same data directory gives the same address in every process.
 */
export function stationSocketPath(
  dataDirectory: string,
  platform: NodeJS.Platform = process.platform,
): string {
  const directory = resolve(dataDirectory);
  const name = createHash('sha256').update(directory).digest('hex').slice(0, 16);
  if (platform === 'win32') return `\\\\.\\pipe\\omatoimi-${name}`;
  const inside = join(directory, 'run', 'station.sock');
  if (Buffer.byteLength(inside) <= socketPathBytesMax) return inside;
  return join(tmpdir(), `omatoimi-${name}`, 'station.sock');
}
