import { PassThrough } from 'node:stream';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { Keyboard } from '../../../src/cli/secret.ts';
import { converse, SipConsole } from '../../../src/cli/sip/console.ts';
import { completions } from '../../../src/cli/sip/line.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { standardDialect } from '../../../src/sip2/dialect.ts';
import { openTcp } from '../../../src/sip2/tcp.ts';
import { eventually } from '../../support/wait.ts';
import { card, institution, pin, playAcs } from './acs.ts';

/** A person at a terminal: presses keys, and reads what stands there. */
async function sitDown(personality: string, timeoutMs = 30_000) {
  const acs = await playAcs(personality);
  const hands = new PassThrough();
  const screen = new PassThrough();
  let text = '';
  screen.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
  });
  const say = (line: string): void => void screen.write(line);
  const keyboard = new Keyboard(hands, say);
  const lines = createInterface({
    input: keyboard.lines,
    output: screen,
    terminal: true,
    completer: completions,
  });
  const console = new SipConsole({
    open: openTcp('127.0.0.1', acs.port),
    clock: systemClock,
    dialect: standardDialect,
    errorDetection: true,
    institutionId: institution,
    location: '',
    terminalPassword: undefined,
    login: undefined,
    timeZone: 'Europe/Helsinki',
    timeoutMs,
    out: (line) => say(`${line}\n`),
    secret: (id) => keyboard.secret(`${id}: `),
  });
  await console.connect();
  const over = converse(console, lines);
  return {
    over,
    press: (keys: string): void => void hands.write(keys),
    /** Waits until that stands there, and forgets what came before. */
    see: async (what: string): Promise<string> => {
      await eventually(what, () => text.includes(what) || undefined, 30_000);
      const seen = text;
      text = '';
      return seen;
    },
    leave: async (): Promise<void> => {
      hands.write('quit\r');
      await over;
      keyboard.close();
      await acs.server.refuse();
    },
  };
}

test('a question and its answer stand there in words; the PIN does not, nor in the history', async () => {
  const person = await sitDown('standard');
  await person.see('sip2> ');
  person.press(`63 AA=${card} AD summary=charged\r`);
  await person.see('AD: ');
  person.press(`${pin}x\u007f\r`);
  const seen = await person.see('sip2> ');
  expect(seen).toContain('AD patronPassword        ••••');
  expect(seen).toContain('← 64 Patron Information Response');
  person.press('\u001b[A');
  const again = await person.see('AD summary=charged');
  expect(seen + again).not.toContain(pin);
  person.press('\u0015');
  await person.leave();
});

test('Tab completes the names of the fields', async () => {
  const person = await sitDown('standard');
  await person.see('sip2> ');
  person.press('17 itemI');
  await person.see('17 itemI');
  person.press('\t');
  await person.see('dentifier=');
  person.press('nothing\r');
  expect(await person.see('sip2> ')).toContain('← 18 Item Information Response');
  await person.leave();
});

test('silence is told, and the next question goes over a new connection', async () => {
  const person = await sitDown('never-ends-sessions', 10_000);
  await person.see('sip2> ');
  person.press(`35 AA=${card}\r`);
  expect(await person.see('sip2> ')).toContain('No answer within 10 s.');
  person.press('99\r');
  expect(await person.see('sip2> ')).toContain('← 98 ACS Status');
  await person.leave();
});

test('what cannot be written is told, and nothing is sent', async () => {
  const person = await sitDown('standard');
  await person.see('sip2> ');
  person.press('17 AB=a|b\r');
  expect(await person.see('sip2> ')).toContain('It cannot be written: character AB.');
  await person.leave();
});
