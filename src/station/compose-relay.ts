import { unreachable } from '../kernel/assert.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import { openNodeHid } from '../devices/hid/node-hid.ts';
import { hidRelay } from '../devices/relay/hid-relay-link.ts';
import { KeptRelays } from '../devices/relay/kept-relays.ts';
import { kmtronicRelay } from '../devices/relay/kmtronic-relay-link.ts';
import type { OpenRelay } from '../devices/relay/relay-link.ts';
import { lcusRelay, modbusRelay } from '../devices/relay/serial-relay-link.ts';
import { usbRelay } from '../devices/relay/usbrelay2-wire.ts';
import { openSerial } from '../devices/serial.ts';
import { portOf, type DeviceConfigOf } from './config/devices.ts';
import { hidSelectorOf } from './config/devices/hid-device.ts';
import type { LitBoard } from './lights.ts';

/** Makes the relay board that the configuration describes, with what is connected to it. */
export function composeRelay(
  config: DeviceConfigOf<'relay'>,
  ports: { readonly clock: Clock; readonly log: Log },
): LitBoard {
  const { lights } = config;
  const channels = Object.values(lights).filter((channel) => channel !== undefined);
  const device = new KeptRelays({
    ...ports,
    path: portOf(config),
    open: openRelay(config, channels, ports.clock),
    channels,
  });
  return { device, lights };
}

function openRelay(config: DeviceConfigOf<'relay'>, channels: readonly number[], clock: Clock): OpenRelay {
  switch (config.driver) {
    case 'lcus':
      return lcusRelay(openSerial(config), clock);
    case 'kmtronic':
      return kmtronicRelay(openSerial(config), clock, channels);
    case 'modbus-rtu':
      return modbusRelay(openSerial(config), clock, config.address);
    case 'usbrelay2': {
      const { vendorId = usbRelay.vendorId, productId = usbRelay.productId, ...more } = hidSelectorOf(config);
      return hidRelay(openNodeHid({ vendorId, productId, ...more }));
    }
    default:
      return unreachable(config);
  }
}
