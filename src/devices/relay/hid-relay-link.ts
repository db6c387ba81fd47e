import { err, ok } from '../../kernel/result.ts';
import type { OpenHid } from '../hid/hid-port.ts';
import type { OpenRelay } from './relay-link.ts';
import { encodeUsbRelay, encodeUsbRelayAllOff, readUsbRelay, usbRelayReportBytes } from './usbrelay2-wire.ts';

/** A USBRelay2 board. */
export function hidRelay(open: OpenHid): OpenRelay {
  return (events) => {
    const device = open({ ...events, report: () => undefined });
    return {
      set: (channel, on, reply) =>
        device.sendFeature(encodeUsbRelay(channel, on), (sent) =>
          reply(sent.ok ? ok(undefined) : err({ kind: 'failed', reason: sent.error })),
        ),
      read: (reply) =>
        device.getFeature(0, usbRelayReportBytes, (read) => {
          if (!read.ok) return reply(err({ kind: 'failed', reason: read.error }));
          const channels = readUsbRelay(read.value);
          reply(channels === undefined ? err({ kind: 'badAnswer' }) : ok(channels));
        }),
      allOff: () => device.sendFeature(encodeUsbRelayAllOff(), () => undefined),
      close: () => device.close(),
    };
  };
}
