'use strict';

var childProcess = require('child_process');

/** How often a long step says that it is still at it. */
var heartbeatMs = 10000;

/** How much of a program's words is kept for judging why it failed. */
var outputCharsMax = 65536;

/**
 * Runs a program to its end, saying how long it takes. Gives {code, output}; `code` is -1 where it could not be started,
 * and `output` then names the reason.
 */
function run(options) {
  return new Promise(function (resolve) {
    var started = Date.now();
    var output = '';
    var child = childProcess.spawn(options.program, options.args, {
      cwd: options.cwd,
      env: Object.assign({}, process.env, options.env),
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: options.shell || false,
    });
    var timer = setInterval(function () {
      options.say('  … ' + options.words + ', ' + Math.round((Date.now() - started) / 1000) + ' s');
    }, heartbeatMs);
    function hear(chunk) {
      output = (output + chunk).slice(-outputCharsMax);
    }
    function end(code) {
      clearInterval(timer);
      process.removeListener('SIGINT', stop);
      process.removeListener('SIGTERM', stop);
      resolve({ code: code, output: output });
    }
    function stop(signal) {
      child.kill(signal);
      process.exit(signal === 'SIGINT' ? 130 : 143);
    }
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', function (error) {
      hear(error.code || error.message);
      end(-1);
    });
    child.on('close', function (code) {
      end(code === null ? -1 : code);
    });
  });
}

exports.run = run;
