'use strict';

/** What pictures need from the operating system, and what the tests need beside that. */
var forPictures = ['chromium', 'socat', 'libusb', 'libudev', 'xvfb'];
var forTests = forPictures.concat(['swtpm', 'tpm2Tools', 'tpmInSoftware']);

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
  gallery: { renderer: true, systemPackages: forPictures, run: ['scripts/gallery.ts'] },
  format: { run: ['node_modules/prettier/bin/prettier.cjs', '--log-level', 'warn', '--write', '.'] },
  docs: { run: ['scripts/run-docs.ts'] },
};
