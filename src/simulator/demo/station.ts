import { parseArgs } from 'node:util';
import { stationMain } from '../../station/station-main.ts';
import { shiftedClock } from './shifted-clock.ts';

/** The demonstration’s station: the same as any, but for its wall clock, which the dock can turn. */
const { values } = parseArgs({ options: { config: { type: 'string' } }, strict: false });
stationMain(shiftedClock(String(values.config)));
