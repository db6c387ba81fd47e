'use strict';

var fs = require('fs');
var path = require('path');
var judge = require('./judge.cjs');

var lookEveryMs = 500;
var waitMsMax = 15 * 60 * 1000;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function holder(file) {
  try {
    return parseInt(fs.readFileSync(file, 'utf8'), 10) || 0;
  } catch {
    return 0;
  }
}

/** True when it is ours now. */
function take(file) {
  try {
    fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw new judge.Stop(judge.judgeWriting(path.dirname(file), error.code));
    return false;
  }
}

/** Does the work while no other bootstrap in this folder does any. */
async function holding(root, words, say, work) {
  var folder = path.join(root, '.cache');
  var file = path.join(folder, 'bootstrap.lock');
  try {
    fs.mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new judge.Stop(judge.judgeWriting(root, error.code));
  }
  var end = Date.now() + waitMsMax;
  var told = false;
  while (!take(file)) {
    var pid = holder(file);
    if (!isAlive(pid)) {
      fs.unlinkSync(file);
      continue;
    }
    if (!told) say('Another run (process ' + pid + ') is ' + words + '; waiting for it …');
    told = true;
    if (Date.now() > end)
      throw new judge.Stop(
        'Process ' + pid + ' has been ' + words + ' for too long; end it, and run the same command again.',
      );
    await new Promise(function (resolve) {
      setTimeout(resolve, lookEveryMs);
    });
  }
  try {
    return await work();
  } finally {
    fs.unlinkSync(file);
  }
}

exports.holding = holding;
