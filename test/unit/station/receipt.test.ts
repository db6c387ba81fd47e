import { describe, expect, it } from 'vitest';
import type { PrinterProblem } from '../../../src/devices/receipt-printer/receipt-printer.ts';
import { countHappened } from '../../../src/shared/receipt.ts';
import { bounds } from '../../../src/station/settings.ts';
import { about, answered, card, Driver, item, lent, unknown } from './driver.ts';

const well = { problem: undefined, paperLow: false } as const;

function withLoan(printer?: PrinterProblem | 'well', titles: 'ask' | 'always' | 'never' = 'ask'): Driver {
  const driver = Driver.online({ settings: { receipt: { titles } } }).signIn();
  if (printer !== undefined)
    driver.happen({ type: 'printer', status: printer === 'well' ? well : { ...well, problem: printer } });
  driver.scan(item);
  return driver.reply({ kind: 'checkout', outcome: answered(lent) });
}

const prints = (driver: Driver) => driver.effects.filter((effect) => effect.do === 'print');

describe('a receipt', () => {
  it('is offered as soon as there is something to tell, with the choice of titles', () => {
    expect(Driver.online().signIn().view.receipt).toBeUndefined();
    expect(withLoan().view.receipt).toBe('asked');
    expect(withLoan('well', 'always').view.receipt).toBe('asItIs');
  });

  it('is printed with titles, due dates and the end of the card number, and with nothing else of the patron', () => {
    const driver = withLoan('well').act({ do: 'finish', receipt: true, titles: true });
    const [print] = prints(driver);
    expect(print).toMatchObject({
      language: 'fi',
      receipt: {
        date: '2026-11-20',
        time: '14:05',
        cardEnd: card.slice(-3),
        provisional: false,
        rows: [
          {
            kind: 'checkout',
            state: 'done',
            title: 'Sinuhe',
            count: 1,
            message: { key: 'row.checkout.done' },
          },
        ],
      },
    });
    expect(JSON.stringify(print)).not.toContain(card);
    expect(driver.screen).toMatchObject({ name: 'finished', receipt: { is: 'printing' } });
  });

  it('says that it came out, and then the screen goes as it always does', () => {
    const driver = withLoan('well').act({ do: 'finish', receipt: true });
    driver.happen({ type: 'printed', epoch: driver.view.epoch, problem: undefined });
    expect(driver.screen).toMatchObject({ receipt: { is: 'printed' } });
    expect(
      driver.effects.findLast((effect) => effect.do === 'setTimer' && effect.name === 'finished'),
    ).toMatchObject({ delayMs: 8_000 });
  });

  it('leaves the titles out where the patron or the library wants it so, and counts what is alike', () => {
    const short = withLoan('well').act({ do: 'finish', receipt: true, titles: false });
    const never = withLoan('well', 'never').act({ do: 'finish', receipt: true, titles: true });
    for (const driver of [short, never]) {
      expect(JSON.stringify(prints(driver))).not.toContain('Sinuhe');
      expect(JSON.stringify(prints(driver))).not.toContain(item);
      expect(prints(driver)).toMatchObject([{ receipt: { rows: [{ count: 1 }] } }]);
    }
  });

  it.each([
    ['paperEnd', 'receipt.problem.paperEnd'],
    ['away', 'receipt.problem.away'],
    ['coverOpen', 'receipt.problem.fault'],
    ['notTaken', 'receipt.problem.notTaken'],
  ] as const)('is shown on the screen when the printer has the problem %s', (problem, key) => {
    const driver = withLoan(problem).act({ do: 'finish', receipt: true });
    expect(prints(driver)).toEqual([]);
    expect(driver.screen).toMatchObject({
      receipt: { is: 'onScreen', problem: { key }, receipt: { rows: [{ title: 'Sinuhe' }] } },
    });
  });

  it('is shown on the screen where there is no printer, and where the printer fails meanwhile', () => {
    expect(withLoan().act({ do: 'finish', receipt: true }).screen).toMatchObject({
      receipt: { is: 'onScreen' },
    });
    const driver = withLoan('well').act({ do: 'finish', receipt: true });
    driver.happen({ type: 'printed', epoch: driver.view.epoch, problem: 'paperEnd' });
    expect(driver.screen).toMatchObject({
      receipt: { is: 'onScreen', problem: { key: 'receipt.problem.paperEnd' } },
    });
  });

  it('counts nothing as borrowed that nobody could find out about', () => {
    const driver = withLoan('well');
    driver.scan('300002').reply({ kind: 'checkout', outcome: unknown });
    for (const reply of ['item', 'account'] as const) {
      driver.pass(bounds.askAfterMs).timer('work');
      driver.reply(
        reply === 'item'
          ? { kind: 'item', outcome: answered(about('charged')) }
          : { kind: 'account', outcome: unknown },
      );
    }
    driver.pass(bounds.settleInSessionMs).timer('work');
    expect(driver.items[0]).toMatchObject({ state: 'attention', message: { key: 'row.checkout.staff' } });
    driver.act({ do: 'finish', receipt: true, titles: true });
    const [print] = prints(driver);
    expect(print?.receipt.rows.map(({ state, happened }) => [state, happened])).toEqual([
      ['done', true],
      ['attention', false],
    ]);
    expect(countHappened(print?.receipt.rows ?? [])).toBe(1);
  });

  it('counts a return that was told as taken, though its answer was lost', () => {
    const driver = Driver.online();
    driver.act({ do: 'chooseService', service: 'return' }).scan(item);
    driver.reply({ kind: 'checkin', outcome: unknown });
    driver.act({ do: 'finish', receipt: true, titles: true }).pass(bounds.finishWaitMs).timer('finishWait');
    expect(driver.screen).toMatchObject({
      receipt: { receipt: { rows: [{ kind: 'checkin', state: 'offline', happened: true }] } },
    });
  });

  it('is no one else’s: the next session hears nothing of it', () => {
    const driver = withLoan('well').act({ do: 'finish', receipt: true });
    const { epoch } = driver.view;
    driver.act({ do: 'dismiss' });
    expect(driver.screen.name).toBe('home');
    driver.happen({ type: 'printed', epoch, problem: 'paperEnd' });
    expect(driver.screen.name).toBe('home');
    expect(JSON.stringify(driver.view)).not.toContain('Sinuhe');
  });

  it('is not made for who goes without it', () => {
    const driver = withLoan('well').act({ do: 'finish', receipt: false });
    expect(prints(driver)).toEqual([]);
    expect(driver.screen).not.toHaveProperty('receipt');
  });
});
