import { defineConfig } from 'vitest/config';

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
          include: ['test/{unit,property,integration,simulation}/**/*.test.{ts,tsx}'],
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/{e2e,e2e-dock,e2e-electron}/**/*.test.ts'],
          // Whole stations wait for their own times more than they work; more of them at once and they wait for each other.
          maxWorkers: 3,
          maxConcurrency: 3,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
