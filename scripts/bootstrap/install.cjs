'use strict';

var crypto = require('crypto');
var fs = require('fs');
var path = require('path');
var judge = require('./judge.cjs');
var lock = require('./lock.cjs');
var run = require('./run.cjs').run;

/** Node 24 as the package `node` brings it. */
function node24(root) {
  return path.join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

function stampFile(root) {
  return path.join(root, 'node_modules', '.omatoimi-installed');
}

function readOr(file, otherwise) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}

function lockHash(root) {
  return crypto
    .createHash('sha256')
    .update(fs.readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
}

function isStamped(root) {
  return readOr(stampFile(root), '') === lockHash(root) && fs.existsSync(node24(root));
}

/** Whether npm's own record says that all of the lockfile is there, as after `npm ci` by hand. */
function isInstalledByHand(root) {
  var record = readOr(path.join(root, 'node_modules', '.package-lock.json'), '');
  if (record === '' || !fs.existsSync(node24(root))) return false;
  try {
    var present = JSON.parse(record).packages;
    var wanted = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
    return Object.keys(wanted).every(function (name) {
      if (name === '' || wanted[name].optional) return true;
      return present[name] !== undefined && present[name].version === wanted[name].version;
    });
  } catch {
    return false;
  }
}

/** Tries to write, because rights alone do not tell (root on a read-only disk). */
function requireWritable(folder) {
  var probe = path.join(folder, '.omatoimi-probe-' + process.pid);
  try {
    fs.mkdirSync(probe);
    fs.rmdirSync(probe);
  } catch (error) {
    throw new judge.Stop(judge.judgeWriting(folder, error.code));
  }
}

/** npm as it was called, else the one on the path. */
function npm() {
  var script = process.env.npm_execpath;
  if (script && script.endsWith('npm-cli.js'))
    return { program: process.execPath, args: [script], shell: false };
  return { program: 'npm', args: [], shell: process.platform === 'win32' };
}

/** Installs the packages of the lockfile where they are not there yet; the next run sees the stamp and does nothing. */
async function ensureInstalled(root, say) {
  if (isStamped(root)) return;
  if (isInstalledByHand(root)) return stamp(root);
  requireWritable(root);
  await lock.holding(root, 'installing', say, async function () {
    if (!isStamped(root)) await install(root, say);
  });
}

async function install(root, say) {
  say('Installing the packages; this takes about half a minute, and is needed only once …');
  var started = Date.now();
  var tool = npm();
  var ended = await run({
    program: tool.program,
    args: tool.args.concat([
      'ci',
      '--include=dev',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      '--fetch-retry-mintimeout=1000',
      '--fetch-retry-maxtimeout=8000',
    ]),
    shell: tool.shell,
    cwd: root,
    words: 'installing',
    say: say,
  });
  if (ended.code === -1 && /ENOENT/.test(ended.output)) {
    throw new judge.Stop('npm was not found: install it beside Node, and run the same command again.');
  }
  if (ended.code !== 0) throw new judge.Stop(judge.judgeInstall(root, ended.output, ended.code));
  if (!fs.existsSync(node24(root))) {
    throw new judge.Stop(
      'Node 24 is missing after the installation: the package “node” could not run its install script; see .npmrc and allowScripts in package.json.',
    );
  }
  stamp(root);
  say('Installed in ' + Math.round((Date.now() - started) / 1000) + ' s.');
}

function stamp(root) {
  try {
    fs.writeFileSync(stampFile(root), lockHash(root));
  } catch {
    // Everything is there; on a read-only disk it is only looked at anew each time.
  }
}

module.exports = { ensureInstalled: ensureInstalled, node24: node24, requireWritable: requireWritable };
