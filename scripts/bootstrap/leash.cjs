'use strict';
// Loaded before anything else into a process that must not outlive the one that started it.

var fs = require('fs');
var net = require('net');

/** Names a descriptor whose other end the parent holds; it ends when the parent does, even by SIGKILL. */
var fdVariable = 'OMATOIMI_LEASH_FD';
/** Names those who started this process, where no descriptor could be handed over. */
var startersVariable = 'OMATOIMI_LEASH_STARTERS';

var lookEveryMs = 500;
/** How long the process has for an orderly end. */
var graceMs = 5000;

/** The parent of another process, where the system tells (Linux); else undefined. */
function parentOf(pid) {
  try {
    var stat = fs.readFileSync('/proc/' + pid + '/stat', 'utf8');
    // The second field, the name, may hold anything but ends at the last bracket.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

/** Who started this process: npm, and the shell that npm puts in between. Joined, to be compared. */
function starters() {
  return process.ppid + ' ' + parentOf(process.ppid);
}

/** Calls `then` when one of them is gone; the orphan is then someone else's child. */
function whenStartersChange(before, then) {
  var timer = setInterval(function () {
    if (starters() === before) return;
    clearInterval(timer);
    then();
  }, lookEveryMs);
  timer.unref();
}

function endOrderly() {
  setTimeout(function () {
    process.kill(process.pid, 'SIGKILL');
  }, graceMs).unref();
  process.kill(process.pid, 'SIGTERM');
}

function attach() {
  var fd = process.env[fdVariable];
  var before = process.env[startersVariable];
  // Not for the processes that this one starts.
  delete process.env[fdVariable];
  delete process.env[startersVariable];
  if (fd !== undefined) {
    var pipe = new net.Socket({ fd: Number(fd), readable: true, writable: false });
    pipe.on('error', endOrderly);
    pipe.on('close', endOrderly);
    pipe.resume();
    pipe.unref();
  }
  if (before !== undefined) whenStartersChange(before, endOrderly);
}

attach();

module.exports = {
  fdVariable: fdVariable,
  startersVariable: startersVariable,
  starters: starters,
  whenStartersChange: whenStartersChange,
};
