import type { OpenByteStream } from '../kernel/bytes.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import { unreachable } from '../kernel/assert.ts';
import { FeigProtocol } from '../devices/rfid-reader/feig/protocol.ts';
import { PadProtocol } from '../devices/rfid-reader/pad-810/protocol.ts';
import { PolledRfidReader } from '../devices/rfid-reader/polled-reader.ts';
import type { ReaderProtocol } from '../devices/rfid-reader/protocol.ts';
import type { RfidReader } from '../devices/rfid-reader/rfid-reader.ts';
import { Rl866Protocol } from '../devices/rfid-reader/rl866/protocol.ts';
import type { SecurityScheme } from '../devices/rfid-reader/security.ts';
import { openSerial } from '../devices/serial.ts';
import { openTcp } from '../sip2/tcp.ts';
import { portOf } from './config/devices.ts';
import type { RfidReaderConfig } from './config/devices/rfid-reader.ts';

/** Makes the RFID reader that the configuration describes. */
export function composeRfidReader(
  config: RfidReaderConfig,
  ports: { readonly clock: Clock; readonly log: Log },
): RfidReader {
  const { pollMs, stillInventories } = config;
  return new PolledRfidReader({
    ...ports,
    path: portOf(config),
    open: transportOf(config),
    protocol: () => protocolOf(config),
    scheme: securitySchemeOf(config.security),
    pollMs,
    stillInventories,
  });
}

function transportOf(config: RfidReaderConfig): OpenByteStream {
  const { path, host, port, baudRate, dataBits, parity, stopBits } = config;
  if (path !== undefined) return openSerial({ path, baudRate, dataBits, parity, stopBits });
  if (host === undefined) throw new Error('impossible: a reader with neither path nor host');
  return openTcp(host, port);
}

function protocolOf(config: RfidReaderConfig): ReaderProtocol {
  switch (config.driver) {
    case 'feig-obid':
      return new FeigProtocol({ form: config.frames, easCheck: config.easCheck });
    case '3m-810':
      return new PadProtocol();
    case 'rl866':
      return new Rl866Protocol({ easCheck: config.easCheck });
    default:
      return unreachable(config);
  }
}

export function securitySchemeOf({
  mode,
  inStock,
  onLoan,
  accept,
}: RfidReaderConfig['security']): SecurityScheme {
  return { mode, inStock, onLoan, alsoInStock: accept.inStock, alsoOnLoan: accept.onLoan };
}
