import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { eventually } from '../support/wait.ts';
import { isAlive } from '../integration/demo/demo-run.ts';
import { Branch } from './support/branch.ts';
import { Desk } from './support/desk.ts';
import { electron } from './support/electron.ts';
import { ShellRun } from './support/shell-run.ts';

const card = { number: '21999000020071', pin: '1234' };
const book = '31999000010070';

vi.setConfig({ testTimeout: 150_000, hookTimeout: 90_000 });

// Skipped where no Electron can be had (its package fetches it from GitHub): support/electron.ts then says so, and it counts as skipped.
describe.skipIf(electron === undefined)('a station in a real Electron window', () => {
  let desk: Desk;
  let branch: Branch;
  let shell: ShellRun;

  beforeAll(async () => {
    desk = await Desk.open(electron ?? '');
  });
  afterAll(() => desk.close());
  beforeEach(async () => {
    branch = await Branch.open(desk);
    shell = await ShellRun.start(desk, [`--config=${branch.config}`]);
  });
  afterEach(async () => {
    await shell.kill();
    await branch.close();
  });

  async function signIn(): Promise<void> {
    await shell.screen('home');
    await shell.click('home-borrow');
    await shell.byTestId('card-number-entry').fill(card.number);
    await shell.click('card-number-submit');
    await shell.screen('pin');
    for (const digit of card.pin) await shell.click(`pin-key-${digit}`);
    await shell.click('pin-enter');
    await shell.screen('borrow');
  }

  test('lends a scanned book to a typed card, and takes it back', async () => {
    await signIn();
    await branch.scan(book);
    await shell.row(book, 'done');
    await shell.passes('finished', () => shell.click('finish'));
    await shell.screen('home');
    await shell.click('home-return');
    await shell.screen('return');
    await branch.scan(book);
    await shell.row(book, 'done');
    expect(await branch.acs.ledger()).toMatchObject([
      { effect: 'checkout', item: book, card: card.number },
      { effect: 'checkin', item: book },
    ]);
    const station = await shell.stationPid();
    expect(await shell.stop()).toBe(0);
    await eventually('the station ended too', () => !isAlive(station));
  });

  test('says "one moment" when its station is killed, and goes on with a new one', async () => {
    await signIn();
    const killed = await shell.stationPid();
    await shell.passes('oneMoment', () => process.kill(killed, 'SIGKILL'));
    await shell.screen('home');
    expect(await shell.stationPid(killed)).not.toBe(killed);
    await shell.logged('shell.station_ended', { reason: 'SIGKILL', delayMs: 200 });
    await signIn();
    await branch.scan(book);
    await shell.row(book, 'done');
  });
});
