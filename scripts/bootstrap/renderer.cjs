'use strict';

var crypto = require('crypto');
var fs = require('fs');
var path = require('path');
var install = require('./install.cjs');
var judge = require('./judge.cjs');
var lock = require('./lock.cjs');
var run = require('./run.cjs').run;

/** Everything that the built page is made of. */
var sources = [
  'src/renderer',
  'src/shared',
  'src/strings',
  'assets',
  'vite.config.ts',
  'package-lock.json',
  'tsconfig.json',
];

function stampFile(root) {
  return path.join(root, 'dist', '.renderer-stamp');
}

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
function sourceHash(root) {
  var hash = crypto.createHash('sha256');
  sources.forEach(function (name) {
    addTo(hash, root, name);
  });
  return hash.digest('hex');
}

function isBuilt(root, hash) {
  try {
    return fs.readFileSync(stampFile(root), 'utf8') === hash;
  } catch {
    return false;
  }
}

/** Builds the page where its sources have changed since it was built. */
async function ensureBuilt(root, say) {
  var hash = sourceHash(root);
  if (isBuilt(root, hash)) return;
  install.requireWritable(root);
  await lock.holding(root, 'building the page', say, async function () {
    if (isBuilt(root, hash)) return;
    say('Building the page …');
    var ended = await run({
      program: install.node24(root),
      args: [path.join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'],
      cwd: root,
      words: 'building',
      say: say,
    });
    if (ended.code !== 0) {
      throw new judge.Stop(
        ended.output.trim() +
          '\nThe page could not be built: vite ended with ' +
          ended.code +
          ' (see above).',
      );
    }
    fs.writeFileSync(stampFile(root), hash);
  });
}

module.exports = { ensureBuilt: ensureBuilt, sourceHash: sourceHash };
