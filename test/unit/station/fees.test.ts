import { describe, expect, it } from 'vitest';
import type { AccountPart } from '../../../src/ils/ils.ts';
import type { Money } from '../../../src/shared/values.ts';
import { bounds } from '../../../src/station/settings.ts';
import {
  answered,
  card,
  charged,
  Driver,
  notPaid,
  notSent,
  paid,
  settings as usual,
  type DriverOptions,
  unknown,
} from './driver.ts';

const settings = { services: { ...usual.services, feesPay: 'terminal' as const } };
const euros = (amount: string): Money => ({ amount, currency: 'EUR' });

function fines(owed: string | undefined, lines: readonly string[] = []): AccountPart {
  return {
    ...charged([]),
    list: 'fines',
    entries: lines,
    count: lines.length,
    feeTotal: owed === undefined ? undefined : euros(owed),
  };
}

/** The open account of a patron who owes so much. */
function account(owed: string | undefined = '4.00', options: DriverOptions = { settings }): Driver {
  const driver = Driver.online(options).signIn('account');
  while (driver.call?.kind === 'account') {
    const { list } = driver.call;
    const part = list === 'fines' ? fines(owed) : { ...charged([]), list };
    driver.reply({ kind: 'account', outcome: answered(part) });
  }
  return driver;
}

const pay = (driver: Driver, amount = '2.50', fee?: string): Driver =>
  driver.happen({
    type: 'feeTaken',
    epoch: driver.state.epoch,
    amount: euros(amount),
    feeType: '01',
    paymentType: '02',
    ...(fee === undefined ? {} : { fee }),
  });

const kinds = (driver: Driver): readonly string[] => driver.calls.map(({ call }) => call.kind);
const told = (driver: Driver): number => kinds(driver).filter((kind) => kind === 'feePaid').length;

describe('a payment', () => {
  it('is committed with the sum of before it is told, and told once', () => {
    const driver = pay(account(), '2.50', 'F7');
    expect(driver.rows.at(-1)).toMatchObject({
      row: 'begin',
      kind: 'fee',
      state: 'intended',
      item: 'F7',
      patron: card,
      fee: { amount: '2.50', currency: 'EUR', feeType: '01', paymentType: '02', owedBefore: '4.00' },
    });
    const begun = driver.rows.at(-1);
    expect(driver.call).toMatchObject({
      kind: 'feePaid',
      card,
      amount: euros('2.50'),
      fee: 'F7',
      transaction: begun?.row === 'begin' ? begun.id : '',
    });
    driver.reply({ kind: 'feePaid', outcome: answered(paid) });
    expect(driver.moves.at(-1)).toBe('accepted');
    expect(driver.call).toEqual({ kind: 'account', card, list: 'fines' });
  });

  it('is not taken where the library takes none, nor without a patron, nor for a session that is over', () => {
    const none = account('4.00', { settings: { services: usual.services } });
    const home = Driver.online({ settings });
    const past = account();
    const epoch = past.state.epoch - 1;
    past.happen({ type: 'feeTaken', epoch, amount: euros('1.00'), feeType: '01', paymentType: '02' });
    for (const driver of [pay(none), pay(home), past]) expect(driver.moves).toEqual([]);
  });

  it('waits while the library system is away, and is told when it is back', () => {
    const driver = pay(account().link('unreachable'));
    expect(driver.moves).toEqual(['fee waiting']);
    driver.act({ do: 'finish', receipt: false }).link('online').pass(bounds.steadyMs).timer('work');
    if (driver.call?.kind === 'endSession')
      driver.reply({ kind: 'endSession', outcome: answered(undefined) });
    expect(driver.call).toMatchObject({ kind: 'feePaid' });
    expect(driver.moves).toEqual(['fee waiting', 'attempt']);
  });

  it('that was not sent waits: it is withdrawn and begun anew in one commit', () => {
    const driver = pay(account()).reply({ kind: 'feePaid', outcome: notSent });
    expect(driver.moves).toEqual(['fee intended', 'withdrawn', 'fee waiting']);
    expect(driver.rows.at(-1)).toMatchObject({ fee: { amount: '2.50', owedBefore: '4.00' } });
  });

  it('that is refused goes to staff: the money was taken', () => {
    const driver = pay(account()).reply({ kind: 'feePaid', outcome: answered(notPaid) });
    expect(driver.rows.at(-1)).toMatchObject({
      row: 'move',
      to: 'staff',
      rule: 'fee.refused',
      words: ['No such fee.'],
    });
  });
});

describe('a payment without an answer', () => {
  const lost = (owed?: string): Driver =>
    pay(account(owed)).reply({ kind: 'feePaid', outcome: unknown }).pass(bounds.askAfterMs).timer('work');
  const tell = (driver: Driver, owed: string | undefined): Driver => {
    if (driver.call?.kind === 'endSession') driver.goodbye();
    expect(driver.call).toEqual({ kind: 'account', card, list: 'fines' });
    return driver.reply({ kind: 'account', outcome: answered(fines(owed)) });
  };
  const twice = (driver: Driver, owed: string | undefined): Driver =>
    tell(tell(driver, owed).pass(bounds.denialPauseMs).timer('work'), owed);

  it('is accepted when so much less is owed', () => {
    expect(tell(lost(), '1.50').moves.at(-1)).toBe('accepted');
    expect(tell(lost('2.50'), '0.00').moves.at(-1)).toBe('accepted');
  });

  it('is told again only after it was said twice that as much is owed as before', () => {
    const driver = tell(lost(), '4.00');
    expect(told(driver)).toBe(1);
    driver.pass(bounds.denialPauseMs).timer('work');
    expect(told(tell(driver, '4.00'))).toBe(2);
    expect(driver.moves.at(-1)).toBe('attempt');
  });

  it.each([
    ['another sum is owed', '3.00'],
    ['more is owed', '6.00'],
    ['nothing is told', undefined],
  ])('goes to staff, and is not told again, when %s', (_what, owed) => {
    const driver = twice(lost(), owed);
    expect(driver.rows.at(-1)).toMatchObject({
      row: 'move',
      to: 'staff',
      rule: 'cannotTell',
      found: { card: 'fine' },
    });
    expect(told(driver)).toBe(1);
  });

  it('goes to staff when the sum of before was never told', () => {
    const driver = pay(Driver.online({ settings }).signIn('borrow'));
    driver.reply({ kind: 'feePaid', outcome: unknown }).pass(bounds.askAfterMs).timer('work');
    expect(twice(driver, '1.50').moves.at(-1)).toBe('staff');
  });

  it('goes on when the patron has gone, for the money was taken', () => {
    const driver = lost().act({ do: 'finish', receipt: false }).pass(bounds.finishWaitMs).timer('finishWait');
    expect(driver.screen.name).toBe('finished');
    expect(told(twice(driver, '4.00'))).toBe(2);
    driver.reply({ kind: 'feePaid', outcome: answered(paid) });
    expect(driver.moves.at(-1)).toBe('accepted');
  });

  it('is told three times more at most', () => {
    const driver = lost();
    for (let attempt = 0; attempt < bounds.attemptsMax; attempt++) {
      twice(driver, '4.00')
        .reply({ kind: 'feePaid', outcome: unknown })
        .pass(bounds.askAfterMs)
        .timer('work');
    }
    twice(driver, '4.00');
    expect(driver.rows.at(-1)).toMatchObject({ row: 'move', to: 'staff', rule: 'attemptsUsedUp' });
    expect(told(driver)).toBe(1 + bounds.attemptsMax);
  });

  it('does not know the sum of before while another payment is open', () => {
    const driver = pay(pay(account()), '1.00');
    expect(driver.rows.at(-1)).toMatchObject({ kind: 'fee', fee: { amount: '1.00' } });
    expect(driver.rows.at(-1)).not.toMatchObject({ fee: { owedBefore: '4.00' } });
  });
});

describe('a payment after a restart', () => {
  const stored = {
    seq: 1,
    id: 'before' as never,
    kind: 'fee',
    state: 'intended',
    item: '',
    patron: card,
    at: 0,
    attempts: 0,
    dueBefore: undefined,
    fee: { amount: '2.50', currency: 'EUR', feeType: '01', paymentType: '02', owedBefore: '4.00' },
    rule: undefined,
    source: undefined,
    due: undefined,
    words: [],
  } as const;

  it('was possibly told: what is owed is asked before anything is sent', () => {
    const driver = Driver.online({ open: [stored] });
    expect(driver.call).toEqual({ kind: 'account', card, list: 'fines' });
    driver.reply({ kind: 'account', outcome: answered(fines('1.50')) });
    expect(driver.moves).toEqual(['uncertain', 'accepted']);
    expect(told(driver)).toBe(0);
  });
});

describe('a payment that cannot be written down', () => {
  it('says so, and what to keep', () => {
    const driver = account();
    driver.losing({
      type: 'feeTaken',
      epoch: driver.state.epoch,
      amount: euros('2.50'),
      feeType: '01',
      paymentType: '02',
    });
    expect(driver.view.notice).toMatchObject({ message: { key: 'notice.feeNotRecorded' } });
    expect(driver.effects).toContainEqual(expect.objectContaining({ do: 'log', event: 'fee.notRecorded' }));
  });
});
