#!/usr/bin/env node
'use strict';
// Like scripts/bootstrap.cjs, this runs on whatever Node is there and hands over to Node 24.

var path = require('path');
var judge = require('../scripts/bootstrap/judge.cjs');
var install = require('../scripts/bootstrap/install.cjs');
var handOver = require('../scripts/bootstrap/hand-over.cjs').handOver;

var root = path.resolve(__dirname, '..');

function say(sentence) {
  process.stderr.write(sentence + '\n');
}

async function main(args) {
  var problem = judge.judgeNode(process.versions.node);
  if (problem !== undefined) throw new judge.Stop(problem);
  await install.ensureInstalled(root, say);
  // Files that the arguments name are seen from where the command was called.
  handOver(root, [path.join(root, 'src/cli/omatoimi.ts')].concat(args), { stayInFolder: true });
}

main(process.argv.slice(2)).catch(function (error) {
  say(error instanceof judge.Stop ? error.message : (error && error.stack) || String(error));
  process.exitCode = 1;
});
