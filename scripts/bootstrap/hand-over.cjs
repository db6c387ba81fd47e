'use strict';

var childProcess = require('child_process');
var path = require('path');
var install = require('./install.cjs');
var leash = require('./leash.cjs');

/** A terminal sends SIGINT to the whole group itself; sent on, it would arrive twice. */
function sentOn() {
  return process.stdin.isTTY ? ['SIGTERM', 'SIGHUP'] : ['SIGINT', 'SIGTERM', 'SIGHUP'];
}

/**
 * Goes on as Node 24. Where this Node can become another program (22.15 and later), it does. Where it cannot, Node 24 runs
 * as its child: signals are sent on, the exit is handed back, and the child ends when this process is gone, however it went.
 */
function handOver(root, args, options) {
  var settings = options || {};
  var program = install.node24(root);
  var all = ['--require', path.join(__dirname, 'leash.cjs')].concat(args);
  var byNpm = process.env.npm_lifecycle_event !== undefined;
  if (!settings.stayInFolder) process.chdir(root);
  if (typeof process.execve === 'function' && process.platform !== 'win32' && !settings.noExec) {
    var env = Object.assign({}, process.env);
    if (byNpm) env[leash.startersVariable] = leash.starters();
    process.execve(program, [program].concat(all), env);
    return;
  }
  startChild(program, all);
  if (byNpm)
    leash.whenStartersChange(leash.starters(), function () {
      process.exit(1);
    });
}

function startChild(program, args) {
  var env = Object.assign({}, process.env);
  env[leash.fdVariable] = '3';
  var child = childProcess.spawn(program, args, {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: env,
  });
  sentOn().forEach(function (signal) {
    process.on(signal, function () {
      child.kill(signal);
    });
  });
  if (process.stdin.isTTY) process.on('SIGINT', function () {});
  child.on('error', function (error) {
    process.stderr.write('Node 24 could not be started: ' + error.message + '\n');
    process.exitCode = 1;
  });
  child.on('exit', function (code, signal) {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

exports.handOver = handOver;
