import { test as base } from 'vitest';
import { Browsers } from './chromium.ts';
import { Kiosk } from './kiosk.ts';
import { StationRig, type RigOptions } from './station-rig.ts';

/** What a test opens; everything is closed after it, whatever came of it. */
export interface Stage {
  /** A station that is ready, with its world. */
  readonly station: (options?: RigOptions) => Promise<StationRig>;
  /** The world around a station, for a test that starts the station itself. */
  readonly world: (options?: RigOptions) => Promise<StationRig>;
  /** The page in a browser. */
  readonly kiosk: (rig: StationRig) => Promise<Kiosk>;
  /** A station that is ready, and its page. */
  readonly both: (options?: RigOptions) => Promise<{ readonly rig: StationRig; readonly kiosk: Kiosk }>;
}

/** A test with a station and a page of its own, in the one browser of its file. */
export const test = base
  .extend('browsers', { scope: 'file' }, async ({}, { onCleanup }) => {
    const browsers = new Browsers();
    onCleanup(() => browsers.close());
    return browsers;
  })
  .extend('browser', ({ browsers }) => browsers.running())
  .extend('stage', async ({ browser }, { onCleanup }): Promise<Stage> => {
    const rigs: StationRig[] = [];
    const kiosks: Kiosk[] = [];
    onCleanup(async () => {
      // Each is closed, also where another one can't be.
      const pages = await Promise.allSettled(kiosks.map((kiosk) => kiosk.close()));
      const stations = await Promise.allSettled(rigs.map((rig) => rig.close()));
      for (const closed of [...pages, ...stations]) if (closed.status === 'rejected') throw closed.reason;
    });
    const world = async (options: RigOptions = {}): Promise<StationRig> => {
      const rig = await StationRig.prepare(options);
      rigs.push(rig);
      return rig;
    };
    const station = async (options: RigOptions = {}): Promise<StationRig> => {
      const rig = await world(options);
      await rig.startStation();
      return rig;
    };
    const kiosk = async (rig: StationRig): Promise<Kiosk> => {
      const opened = await Kiosk.open(browser, rig.url);
      kiosks.push(opened);
      return opened;
    };
    return {
      world,
      station,
      kiosk,
      both: async (options) => {
        const rig = await station(options);
        return { rig, kiosk: await kiosk(rig) };
      },
    };
  });

/** Whole stations start and Chromium paints, several at once on a machine with two cores. */
export const stageTest = { timeout: 180_000 } as const;
