import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// The tests start hundreds of processes from the same sources. Node keeps what it made of each (Node.js, Modules: module
// compile cache), so that a start costs half the work. Keyed by content: a changed source is read anew.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(
  new URL('./node_modules/.cache/omatoimi-node', import.meta.url),
);

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
          // They only calculate, so each core has one; left alone vitest keeps a core for itself.
          maxWorkers: '100%',
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
          // A browser and half a dozen processes on a busy machine: each test may be tried once more, and the summary names those that
          // needed it (scripts/test-summary.ts). What must never happen, not even once, says `retry: 0` itself.
          retry: 1,
        },
      },
      {
        extends: true,
        test: {
          name: 'electron',
          include: ['test/e2e-electron/**/*.test.ts'],
          // Each file has a display of its own, so that no window takes the focus from another.
          ...wholeStations,
          // Playwright may have to start the window more than once (test/e2e-electron/support/shell-run.ts). What it loses later, a page
          // that it does not follow or an Electron that crashes, is tried again, and so is a killed drawing process of which an Electron of
          // some years ago does not always tell; nothing else that the product does is. The summary names what was tried again.
          testTimeout: 180_000,
          hookTimeout: 150_000,
          retry: {
            count: 2,
            condition:
              /electron\.launch|electronApplication\.|Target crashed|has been closed|shell\.helper_ended/u,
          },
        },
      },
    ],
  },
});
