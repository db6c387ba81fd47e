import { describe, expect, it } from 'vitest';
import { layeringProblems } from '../../../scripts/layering-rules.ts';

const problemsOf = (path: string, text: string) => layeringProblems([{ path, text }]);

describe('an import', () => {
  const climbs: [string, string][] = [
    ['src/kernel/a.ts', "import { x } from '../shared/x.ts';"],
    ['src/shared/a.ts', "import type { X } from '../sip2/x.ts';"],
    ['src/strings/a.ts', "export { x } from '../station/x.ts';"],
    ['src/sip2/a.ts', "import { x } from '../ils/x.ts';"],
    ['src/rfid/a.ts', "import '../devices/x.ts';"],
    ['src/devices/a.ts', "import { x } from '../station/x.ts';"],
    ['src/devices/scanner/a.ts', "import { x } from '../../journal/x.ts';"],
    ['src/journal/a.ts', "const x = await import('../station/x.ts');"],
    ['src/ils/a.ts', "import {\n  a,\n  b,\n} from '../journal/x.ts';"],
    ['src/station/core/a.ts', "import { x } from '../../simulator/x.ts';"],
    ['src/station/a.ts', "import { x } from '../web/x.ts';"],
    ['src/renderer/a.tsx', "import { x } from '../kernel/x.ts';"],
    ['src/renderer/parts/a.tsx', "import { x } from '../../station/core/x.ts';"],
    ['src/renderer/a.tsx', "import { readFileSync } from 'node:fs';"],
    ['src/web/a.ts', "import { x } from '../renderer/x.ts';"],
    ['src/station/a.ts', "import { app } from 'electron';"],
    ['src/cli/a.ts', "import { app } from 'electron/main';"],
    ['src/main/a.cts', "const x = require('../renderer/x.ts');"],
    ['src/station/a.ts', "import { x } from '../../test/support/x.ts';"],
    ['src/helpers/a.ts', ''],
    ['src/a.ts', ''],
  ];
  it.each(climbs)('of %s is refused: %s', (path, text) => {
    expect(problemsOf(path, text)).toHaveLength(1);
  });

  const fine: [string, string][] = [
    ['src/kernel/a.ts', "import { x } from './b.ts';"],
    ['src/shared/a.ts', "import type { MessageKey } from '../strings/keys.ts';"],
    ['src/sip2/a.ts', "import { x } from '../kernel/x.ts';"],
    ['src/station/a.ts', "import { x } from '../ils/x.ts';\nimport { readFileSync } from 'node:fs';"],
    ['src/simulator/a.ts', "import { x } from '../web/x.ts';"],
    ['src/main/a.ts', "import { app } from 'electron';"],
    ['src/renderer/a.tsx', "import '../../assets/fonts/x.woff2';\nimport { x } from '../shared/x.ts';"],
    ['src/ils/a.ts', "// import { x } from '../station/x.ts';"],
    ['src/ils/a.ts', "/* import { x } from '../station/x.ts'; */"],
    ['src/ils/a.ts', "const words = 'taken from';\nconst other = './x';"],
  ];
  it.each(fine)('of %s is fine: %s', (path, text) => {
    expect(problemsOf(path, text)).toEqual([]);
  });

  it('is named with its line', () => {
    const text = "import { a } from './a.ts';\n\nimport { b } from '../web/b.ts';\n";
    expect(problemsOf('src/station/x.ts', text)).toEqual([
      'src/station/x.ts:3: station must not import web (../web/b.ts)',
    ]);
  });
});

describe('time and chance', () => {
  const escapes = [
    'const now = Date.now();',
    'const now = new Date();',
    'const t = performance.now();',
    'const t = process.hrtime.bigint();',
    'const r = Math.random();',
    'setTimeout(() => undefined, 5);',
    'const timer = setInterval(tick, 5);',
    'globalThis.setTimeout(tick, 5);',
    "import { setTimeout as sleep } from 'node:timers/promises';",
  ];
  it.each(escapes)('do not come from anywhere else: %s', (text) => {
    expect(problemsOf('src/station/a.ts', text)).toHaveLength(1);
    expect(problemsOf('src/kernel/clock.ts', text)).toEqual([]);
  });

  const fine = [
    'const day = new Date(at);',
    'clock.setTimeout(1);',
    '// Date.now is not used here',
    "const url = 'http://x'; const d = new Date(utc);",
    'const noSetTimeout = 1;',
  ];
  it.each(fine)('are not meant by: %s', (text) => {
    expect(problemsOf('src/station/a.ts', text)).toEqual([]);
  });
});
