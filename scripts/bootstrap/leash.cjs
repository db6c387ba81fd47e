'use strict';
// Loaded before anything else into a process that must not outlive the one that started it.

var net = require('net');

/** Names a descriptor whose other end the parent holds; it ends when the parent does, even by SIGKILL. */
var fdVariable = 'OMATOIMI_LEASH_FD';
/** Names the parent by its process id, where no descriptor could be handed over. */
var parentVariable = 'OMATOIMI_LEASH_PARENT';

var lookEveryMs = 500;
/** How long the process has for an orderly end. */
var graceMs = 5000;

function whenParentChanges(parent, then) {
  var timer = setInterval(function () {
    if (process.ppid === parent) return;
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
  var parent = process.env[parentVariable];
  // Not for the processes that this one starts.
  delete process.env[fdVariable];
  delete process.env[parentVariable];
  if (fd !== undefined) {
    var pipe = new net.Socket({ fd: Number(fd), readable: true, writable: false });
    pipe.on('error', endOrderly);
    pipe.on('close', endOrderly);
    pipe.resume();
    pipe.unref();
  }
  if (parent !== undefined) whenParentChanges(Number(parent), endOrderly);
}

attach();

module.exports = {
  fdVariable: fdVariable,
  parentVariable: parentVariable,
  whenParentChanges: whenParentChanges,
};
