'use strict';
// Runs on whatever Node is there, so that it can say that this one is too old: no syntax or module newer than Node 12.

var path = require('path');
var judge = require('./bootstrap/judge.cjs');
var commands = require('./bootstrap/commands.cjs').commands;
var install = require('./bootstrap/install.cjs');
var renderer = require('./bootstrap/renderer.cjs');
var systemPackages = require('./bootstrap/system-packages.cjs');
var handOver = require('./bootstrap/hand-over.cjs').handOver;

var root = path.resolve(__dirname, '..');

function say(sentence) {
  process.stderr.write(sentence + '\n');
}

async function main(argv) {
  var name = argv[0];
  var problem =
    judge.judgeNode(process.versions.node) || judge.judgeCommand(name, Object.keys(commands)) || undefined;
  if (problem !== undefined) throw new judge.Stop(problem);

  var command = commands[name];
  await install.ensureInstalled(root, say);
  if (command.systemPackages) await systemPackages.ensure(command.systemPackages, say);
  if (command.renderer) await renderer.ensureBuilt(root, say);
  handOver(root, command.run.concat(argv.slice(1)));
}

main(process.argv.slice(2)).catch(function (error) {
  say(error instanceof judge.Stop ? error.message : (error && error.stack) || String(error));
  process.exitCode = 1;
});
