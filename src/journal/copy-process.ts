import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { systemClock } from '../kernel/clock.ts';
import { makeCopy } from './copy.ts';

/**
 * Copies the journal in a process of its own, so that a share that hangs holds up nothing but this:
 * `node copy-process.ts --data DIR --to DIR --recipient age1…`. Its input is the text of the keys, which lie
 * nowhere in clear where the device key wraps them; its one line of output is the result as JSON.
 */
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '' },
    to: { type: 'string', default: '' },
    recipient: { type: 'string', default: '' },
  },
});
const result = await makeCopy({ ...values, keys: await text(process.stdin), now: systemClock.now() });
process.stdout.write(`${JSON.stringify(result)}\n`);
