import { defineConfig } from 'vitest/config';

/** Whole stations wait for their own times more than they work; more of them at once and they wait for each other. */
const wholeStations = { maxWorkers: 3, maxConcurrency: 3, sequence: { groupOrder: 3 } };
/** Processes, terminals and sockets wait for each other even more. */
const joinedParts = { maxWorkers: 4, sequence: { groupOrder: 2 } };

/** Tests of the page say `// @vitest-environment jsdom` in their first line; all others run on bare Node. */
export default defineConfig({
  test: {
    // Native modules and signals belong to a process, not to a thread.
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/{unit,property,simulation}/**/*.test.{ts,tsx}'],
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'joined',
          include: ['test/integration/**/*.test.ts'],
          ...joinedParts,
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/{e2e,e2e-dock}/**/*.test.ts'],
          ...wholeStations,
        },
      },
      {
        extends: true,
        test: {
          name: 'electron',
          include: ['test/e2e-electron/**/*.test.ts'],
          // One window at a time, when nothing else runs: a kiosk’s window wants the focus.
          maxWorkers: 1,
          sequence: { groupOrder: 4 },
          // An Electron of some years ago may run these tests, and by itself it crashes now and then (a segmentation
          // fault of its own) or never comes up. That is tried again; a wrong result is not.
          retry: { count: 2, condition: /Target crashed|Process failed to launch|timed out/i },
        },
      },
    ],
  },
});
