'use strict';

/** The oldest Node that can run this bootstrap, npm with our lockfile, and nothing more; all else runs on Node 24. */
var nodeMajorMin = 20;

/** Ends the bootstrap with one sentence and a non-zero exit. */
class Stop extends Error {}

function judgeNode(version) {
  var major = parseInt(version, 10);
  if (major >= nodeMajorMin) return undefined;
  return (
    'Node ' +
    version +
    ' is too old: Omatoimi needs Node ' +
    nodeMajorMin +
    ' or later to begin (https://nodejs.org).'
  );
}

function judgeCommand(name, known) {
  if (known.indexOf(name) !== -1) return undefined;
  return 'Unknown command ' + JSON.stringify(name || '') + ': there are ' + known.join(', ') + '.';
}

/** Why a folder cannot be written to, by the code of the error that a try gave. */
function judgeWriting(folder, code) {
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
    return (
      'The folder ' +
      folder +
      ' is read-only, and the packages are to be put there: make it writable, or copy it to another place.'
    );
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return 'There is no space left on the disk of ' + folder + '; the packages need 600 MB.';
  }
  return 'The folder ' + folder + ' cannot be written to (' + code + ').';
}

var networkCodes =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|EPROTO)\b/;

/** Why npm could not install, by what it wrote. */
function judgeInstall(folder, output, exit) {
  var network = networkCodes.exec(output);
  if (network !== null) {
    return (
      'The packages could not be fetched because the network or the package registry cannot be reached (' +
      network[0] +
      '): connect, and run the same command again.'
    );
  }
  var writing = /\b(EROFS|EACCES|EPERM|ENOSPC|EDQUOT)\b/.exec(output);
  if (writing !== null) return judgeWriting(folder, writing[0]);
  var reason = /npm error (?!code )(.+)/.exec(output);
  return (
    'The packages could not be installed: npm ci ended with ' +
    exit +
    (reason === null ? '' : ', saying “' + reason[1].trim() + '”') +
    '.'
  );
}

module.exports = {
  Stop: Stop,
  nodeMajorMin: nodeMajorMin,
  judgeNode: judgeNode,
  judgeCommand: judgeCommand,
  judgeWriting: judgeWriting,
  judgeInstall: judgeInstall,
};
