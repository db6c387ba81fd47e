import { parseArgs } from 'node:util';
import { listHidDevices } from '../../devices/hid/hid-list.ts';
import { listSerialPorts } from '../../devices/serial-list.ts';
import { exits, type Command } from './command.ts';

export const deviceList: Command = {
  name: 'device list',
  synopsis: 'device list',
  summary: 'names the serial ports and HID devices of this machine',
  async run(args, terminal) {
    parseArgs({ args: [...args], options: {} });
    const ports = await listSerialPorts();
    terminal.out(ports.length === 0 ? 'Serial ports: none' : 'Serial ports:');
    for (const port of ports) terminal.out(`  ${port.path}${port.words === '' ? '' : `  (${port.words})`}`);

    const hid = await listHidDevices();
    if (!hid.ok) {
      terminal.out(`HID devices: cannot be listed, because ${hid.error}`);
      return exits.fine;
    }
    terminal.out(hid.value.length === 0 ? 'HID devices: none' : 'HID devices:');
    for (const device of hid.value) terminal.out(`  ${device.path}  (${device.words})`);
    return exits.fine;
  },
};
