'use strict';

var crypto = require('crypto');
var fs = require('fs');
var path = require('path');
var install = require('./install.cjs');
var judge = require('./judge.cjs');
var lock = require('./lock.cjs');
var run = require('./run.cjs').run;

/** What is built into `dist`, and everything that it is made of. */
var builds = [
  {
    name: 'page',
    sources: [
      'src/renderer',
      'src/shared',
      'src/strings',
      'assets',
      'vite.config.ts',
      'package-lock.json',
      'tsconfig.json',
    ],
    stamp: '.renderer-stamp',
  },
  {
    name: 'shell',
    sources: [
      'src/main',
      'src/kernel',
      'src/shared',
      'src/station',
      'src/web',
      'src/cli',
      'vite.main.config.ts',
      'package-lock.json',
    ],
    stamp: '.shell-stamp',
  },
];

function addTo(hash, root, name) {
  var full = path.join(root, name);
  if (!fs.existsSync(full)) return;
  if (fs.statSync(full).isDirectory()) {
    fs.readdirSync(full)
      .sort()
      .forEach(function (child) {
        addTo(hash, root, name + '/' + child);
      });
  } else {
    hash
      .update(name + '\0')
      .update(fs.readFileSync(full))
      .update('\0');
  }
}

/** A hash over names and contents; times of files say nothing after a clone. */
function sourceHash(root, build) {
  var hash = crypto.createHash('sha256');
  build.sources.forEach(function (name) {
    addTo(hash, root, name);
  });
  return hash.digest('hex');
}

function isBuilt(file, hash) {
  try {
    return fs.readFileSync(file, 'utf8') === hash;
  } catch {
    return false;
  }
}

/** Builds what has changed in its sources since it was built. */
async function ensureBuilt(root, say) {
  for (var build of builds) await ensureOneBuilt(root, build, say);
}

async function ensureOneBuilt(root, build, say) {
  var hash = sourceHash(root, build);
  var stamp = path.join(root, 'dist', build.stamp);
  if (isBuilt(stamp, hash)) return;
  install.requireWritable(root);
  await lock.holding(root, 'building the ' + build.name, say, async function () {
    if (isBuilt(stamp, hash)) return;
    say('Building the ' + build.name + ' …');
    var ended = await run({
      program: install.node24(root),
      args: [path.join(root, 'scripts', 'build.ts'), '--quiet', build.name],
      cwd: root,
      words: 'building',
      say: say,
    });
    if (ended.code !== 0) {
      throw new judge.Stop(
        ended.output.trim() +
          '\nThe ' +
          build.name +
          ' could not be built: the build ended with ' +
          ended.code +
          ' (see above).',
      );
    }
    fs.writeFileSync(stamp, hash);
  });
}

module.exports = { ensureBuilt: ensureBuilt };
