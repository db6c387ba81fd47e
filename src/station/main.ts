import { systemClock } from '../kernel/clock.ts';
import { stationMain } from './station-main.ts';

/** The station’s own process: `node src/station/main.ts --config FILE [--supervised]`. */
stationMain(systemClock);
