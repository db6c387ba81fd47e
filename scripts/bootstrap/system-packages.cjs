'use strict';

var fs = require('fs');
var path = require('path');
var judge = require('./judge.cjs');
var run = require('./run.cjs').run;

var libraryFolders = [
  '/usr/lib',
  '/lib',
  '/usr/lib64',
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib/arm-linux-gnueabihf',
];

/** By name: the package of Debian and Ubuntu, and what shows that it is there. */
var known = {
  chromium: {
    package: 'chromium',
    programs: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  },
  socat: { package: 'socat', programs: ['socat'] },
  xvfb: { package: 'xvfb', programs: ['Xvfb'] },
  swtpm: { package: 'swtpm', programs: ['swtpm'] },
  tpm2Tools: { package: 'tpm2-tools', programs: ['tpm2_unseal'] },
  tpmInSoftware: { package: 'libtss2-tcti-swtpm0', libraries: ['libtss2-tcti-swtpm.so.0'] },
  libusb: { package: 'libusb-1.0-0', libraries: ['libusb-1.0.so.0'] },
  libudev: { package: 'libudev1', libraries: ['libudev.so.1'] },
};

function isIn(folders, names) {
  return folders.some(function (folder) {
    return names.some(function (name) {
      return fs.existsSync(path.join(folder, name));
    });
  });
}

function missingPackages(names, env) {
  var programFolders = (env.PATH || '').split(path.delimiter);
  return names
    .filter(function (name) {
      var entry = known[name];
      return entry.programs ? !isIn(programFolders, entry.programs) : !isIn(libraryFolders, entry.libraries);
    })
    .map(function (name) {
      return known[name].package;
    });
}

/** What to do about missing packages: nothing, install them, or name the line that does. */
function judgePackages(facts) {
  if (facts.missing.length === 0 || facts.platform !== 'linux') return { kind: 'nothing' };
  var line = 'apt-get update && apt-get install -y --no-install-recommends ' + facts.missing.join(' ');
  if (facts.isRoot && facts.hasApt) return { kind: 'install', packages: facts.missing, line: line };
  return {
    kind: 'stop',
    sentence: facts.hasApt
      ? 'Some programs are missing; install them with this line, and run the same command again: sudo sh -c "' +
        line +
        '"'
      : 'Some programs are missing; install what your system calls ' +
        facts.missing.join(', ') +
        ', and run the same command again.',
  };
}

async function apt(args, say) {
  return run({
    program: 'apt-get',
    args: args,
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    words: 'installing system packages',
    say: say,
  });
}

async function ensure(names, say) {
  var verdict = judgePackages({
    missing: missingPackages(names, process.env),
    platform: process.platform,
    isRoot: typeof process.getuid === 'function' && process.getuid() === 0,
    hasApt: fs.existsSync('/usr/bin/apt-get'),
  });
  if (verdict.kind === 'nothing') return;
  if (verdict.kind === 'stop') throw new judge.Stop(verdict.sentence);
  say('Installing system packages for the tests: ' + verdict.packages.join(', ') + ' …');
  // An outdated list is no reason to stop: the packages may be found all the same.
  await apt(['update', '-q'], say);
  var ended = await apt(['install', '-y', '-q', '--no-install-recommends'].concat(verdict.packages), say);
  if (ended.code !== 0) {
    throw new judge.Stop(
      'The system packages could not be installed (apt-get ended with ' +
        ended.code +
        '); try it by hand: ' +
        verdict.line,
    );
  }
}

module.exports = { ensure: ensure, judgePackages: judgePackages, missingPackages: missingPackages };
