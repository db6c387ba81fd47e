import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import { openChromium } from './chromium.ts';
import { Kiosk } from './kiosk.ts';
import { StationRig, type RigOptions } from './station-rig.ts';

/** Whole stations start and Chromium paints, beside other tests that do the same. */
const testMsMax = 120_000;

/** What the tests of a file open; everything is closed after each test, whatever came of it. */
export interface Stage {
  /** A station that is ready, with its world. */
  readonly station: (options?: RigOptions) => Promise<StationRig>;
  /** The world around a station, for a test that starts the station itself. */
  readonly world: (options?: RigOptions) => Promise<StationRig>;
  /** The page in a browser. */
  readonly kiosk: (rig: StationRig) => Promise<Kiosk>;
}

/** Sets the stage for the tests of a file: one browser for all of them, and a station of its own for each. */
export function onStage(): Stage {
  vi.setConfig({ testTimeout: testMsMax, hookTimeout: testMsMax });
  const rigs: StationRig[] = [];
  const kiosks: Kiosk[] = [];
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterEach(async () => {
    for (const kiosk of kiosks.splice(0)) await kiosk.close();
    for (const rig of rigs.splice(0)) await rig.close();
  });
  afterAll(async () => browser?.close());

  const world = async (options: RigOptions = {}): Promise<StationRig> => {
    const rig = await StationRig.prepare(options);
    rigs.push(rig);
    return rig;
  };
  return {
    world,
    station: async (options) => {
      const rig = await world(options);
      await rig.startStation();
      return rig;
    },
    kiosk: async (rig) => {
      if (browser === undefined) throw new Error('the browser is opened before the first test');
      const kiosk = await Kiosk.open(browser, rig.url);
      kiosks.push(kiosk);
      return kiosk;
    },
  };
}
