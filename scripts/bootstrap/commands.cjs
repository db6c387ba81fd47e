'use strict';

/** What `test` and `gallery` need from the operating system. */
var forTests = ['chromium', 'socat', 'libusb', 'libudev', 'xvfb'];

/** What each command needs, and what Node 24 then runs; arguments of the command follow. */
exports.commands = {
  start: { renderer: true, run: ['src/cli/start.ts'] },
  test: { renderer: true, systemPackages: forTests, run: ['scripts/run-tests.ts'] },
  check: { run: ['scripts/run-checks.ts'] },
  build: { run: ['scripts/build.ts'] },
  package: { renderer: true, run: ['scripts/package.ts'] },
  sim: { run: ['test/simulation/run.ts'] },
  crash: { renderer: true, systemPackages: ['socat'], run: ['test/crash/run.ts'] },
  bench: { renderer: true, run: ['test/bench/run.ts'] },
  fuzz: { run: ['scripts/fuzz.ts'] },
  gallery: { renderer: true, systemPackages: forTests, run: ['scripts/gallery.ts'] },
  format: { run: ['node_modules/prettier/bin/prettier.cjs', '--log-level', 'warn', '--write', '.'] },
  docs: { run: ['scripts/run-docs.ts'] },
};
