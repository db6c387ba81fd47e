import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { usualBehaviour } from '../../../src/simulator/acs/behaviour.ts';
import { Library } from '../../../src/simulator/acs/library.ts';
import { readLibrary } from '../../../src/simulator/acs/read-library.ts';
import { AcsServer } from '../../../src/simulator/acs/server.ts';
import library from '../../../src/simulator/demo/library.json' with { type: 'json' };
import { VirtualClock } from '../../support/virtual-clock.ts';
import { eventually } from '../../support/wait.ts';
import { SipWire } from './sip-wire.ts';

test('a port that another program was given in the meantime is tried again until it is free', async () => {
  const data = readLibrary(library);
  if (!data.ok) throw new Error(data.error);
  const clock = new VirtualClock();
  const server = new AcsServer({
    library: new Library(data.value, { timeZone: 'Europe/Helsinki', startsAt: clock.now() }),
    behaviour: usualBehaviour(),
    clock,
  });
  await server.listen(0, '127.0.0.1');
  const { port } = server.address;
  await server.refuse();
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');

  const back = server.accept();
  await eventually('it has tried', () => clock.pending() === 1);
  expect(server.listening).toBe(false);
  other.close();
  await once(other, 'close');
  clock.advance(clock.untilNext() ?? 0);
  await back;
  expect(server.address.port).toBe(port);
  const wire = await SipWire.connect(port);
  expect(await wire.ask('9900802.00')).toMatch(/^98/);
  wire.close();
  await server.refuse();
});
