import { defineConfig } from 'vitest/config';

/** Tests of the page say `// @vitest-environment jsdom` in their first line; all others run on bare Node. */
export default defineConfig({
  test: {
    include: ['test/{unit,property,integration,simulation,e2e,e2e-electron}/**/*.test.{ts,tsx}'],
    // Native modules and signals belong to a process, not to a thread.
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 30_000,
  },
});
