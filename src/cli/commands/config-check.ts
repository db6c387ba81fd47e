import { parseArgs } from 'node:util';
import { loadConfig } from '../../station/config/load.ts';
import { problemSentence } from '../../station/config/problems.ts';
import { exits, UsageError, type Command } from './command.ts';

export const configCheck: Command = {
  name: 'config check',
  synopsis: 'config check FILE',
  summary: 'tells whether a configuration is right, or all that is wrong in it',
  run(args, terminal) {
    const [file, ...more] = parseArgs({ args: [...args], allowPositionals: true, options: {} }).positionals;
    if (file === undefined || more.length > 0) throw new UsageError('config check needs one file');
    const result = loadConfig(file);
    if (result.ok) {
      terminal.out(`${file} is a right configuration.`);
      return Promise.resolve(exits.fine);
    }
    for (const problem of result.error) terminal.err(problemSentence(problem));
    return Promise.resolve(exits.failed);
  },
};
