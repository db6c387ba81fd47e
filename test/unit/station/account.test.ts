import { describe, expect, it } from 'vitest';
import type {
  AccountCounts,
  AccountList,
  AccountPart,
  Customership,
  ItemInformation,
} from '../../../src/ils/ils.ts';
import type { Screen } from '../../../src/shared/view.ts';
import { cardValidityOf } from '../../../src/station/core/card-validity.ts';
import { about, answered, charged, customer, Driver, unknown } from './driver.ts';

type AccountScreen = Extract<Screen, { name: 'account' }>;

const none: AccountCounts = {
  holdsReady: 0,
  overdue: 0,
  charged: 0,
  fines: 0,
  recalled: 0,
  holdsWaiting: 0,
};

interface Library {
  readonly parts?: Partial<Record<AccountList, Partial<AccountPart>>>;
  readonly items?: Readonly<Record<string, Partial<ItemInformation>>>;
  readonly counts?: Partial<AccountCounts>;
}

function screenOf(driver: Driver): AccountScreen {
  const { screen } = driver;
  if (screen.name !== 'account') throw new Error(`the screen is ${screen.name}`);
  return screen;
}

/** Answers one question of the account. */
function answer(driver: Driver, { parts = {}, items = {}, counts = {} }: Library): void {
  const { call } = driver;
  if (call?.kind === 'account') {
    const entries = parts[call.list]?.entries ?? [];
    const told = { ...none, ...counts };
    const part = { ...charged(entries), list: call.list, counts: told, ...parts[call.list] };
    driver.reply({ kind: 'account', outcome: answered(part) });
  } else if (call?.kind === 'item') {
    const info = { ...about('charged'), item: call.item, title: `Title ${call.item}`, ...items[call.item] };
    driver.reply({ kind: 'item', outcome: answered(info) });
  }
}

function account(library: Library, change: Partial<Customership> = {}): Driver {
  const driver = Driver.online().signIn('account', { ...customer, ...change });
  while (driver.call !== undefined) answer(driver, library);
  return driver;
}

describe('the card', () => {
  const today = '2026-11-20';

  it.each([
    [undefined, undefined],
    ['2026-12-21', undefined],
    ['2026-12-20', 'endsSoon'],
    ['2026-11-21', 'endsSoon'],
    ['2026-11-20', 'endsSoon'],
    ['2026-11-19', 'ended'],
    ['2020-02-29', 'ended'],
    ['no date', undefined],
  ])('that is valid until %s: %s', (expires, state) => {
    expect(cardValidityOf(expires, today)?.state).toBe(state);
  });

  it('that ends soon is told in the account, and when borrowing begins', () => {
    const expires = '2026-12-01';
    expect(screenOf(account({}, { expires })).card).toEqual({ state: 'endsSoon', date: expires });
    const borrowing = Driver.online().signIn('borrow', { ...customer, expires });
    expect(borrowing.view.notice).toMatchObject({
      message: { key: 'notice.cardEndsSoon', params: { date: { date: expires } } },
    });
  });

  it('that is valid for long is not mentioned', () => {
    expect(screenOf(account({}, { expires: '2028-12-01' }))).not.toHaveProperty('card');
    const borrowing = Driver.online().signIn('borrow', { ...customer, expires: '2028-12-01' });
    expect(borrowing.view.notice).toBeUndefined();
  });

  it('that ended is the reason when the library system does not lend, with what to do', () => {
    const blocks = ['chargePrivilegesDenied', 'renewalPrivilegesDenied'] as const;
    const driver = Driver.online().signIn('borrow', { ...customer, blocks, expires: '2026-11-01' });
    expect(driver.screen).toMatchObject({
      name: 'borrow',
      refusal: {
        rule: 'patron.expired',
        source: 'acs',
        cause: { params: { date: { date: '2026-11-01' } } },
        next: { key: 'next.patron.expired' },
      },
    });
  });

  it('that ended refuses nothing by itself: the library system decides', () => {
    const driver = Driver.online().signIn('borrow', { ...customer, expires: '2026-11-01' });
    expect(driver.screen).not.toHaveProperty('refusal');
  });

  it('that was reported lost is called so, ended or not', () => {
    const blocks = ['chargePrivilegesDenied', 'cardReportedLost'] as const;
    const driver = Driver.online().signIn('borrow', { ...customer, blocks, expires: '2026-11-01' });
    expect(driver.screen).toMatchObject({ refusal: { rule: 'patron.cardReportedLost' } });
  });
});

describe('holds', () => {
  it('tell where and until when they stand ready, as the item tells it', () => {
    const { holds } = screenOf(
      account({
        parts: { holdsReady: { entries: ['300007'] } },
        items: { '300007': { status: 'onHoldShelf', pickupUntil: '2026-11-27', location: 'Keskusta' } },
      }),
    );
    expect(holds).toEqual([
      {
        item: '300007',
        title: 'Title 300007',
        ready: true,
        pickup: { acs: 'Keskusta' },
        expires: { kind: 'day', date: '2026-11-27' },
        cancel: { state: 'possible' },
      },
    ]);
  });

  it('tell place, end and position as their own entry tells them, without asking for the item', () => {
    const details = new Map([
      [
        '300008',
        {
          title: 'Kalevala',
          pickup: 'Hylly 4',
          position: 3,
          expires: { kind: 'day', date: '2027-01-31' },
          kind: 'interlibrary',
        } as const,
      ],
    ]);
    const driver = account({ parts: { holdsWaiting: { entries: ['300008'], details } } });
    expect(screenOf(driver).holds).toMatchObject([
      {
        title: 'Kalevala',
        ready: false,
        kind: 'interlibrary',
        pickup: { acs: 'Hylly 4' },
        position: 3,
        expires: { date: '2027-01-31' },
      },
    ]);
    expect(driver.calls.filter(({ call }) => call.kind === 'item')).toEqual([]);
  });

  it('of an item that is on order are called so', () => {
    const { holds } = screenOf(
      account({
        parts: { holdsWaiting: { entries: ['300008'] } },
        items: { '300008': { status: 'onOrder' } },
      }),
    );
    expect(holds).toMatchObject([{ kind: 'order', ready: false }]);
  });

  it('do not take where an item is now for where it will be fetched', () => {
    const { holds } = screenOf(
      account({
        parts: { holdsWaiting: { entries: ['300008'] } },
        items: { '300008': { location: 'Toinen kirjasto', pickupUntil: '2026-11-27' } },
      }),
    );
    expect(holds[0]).not.toHaveProperty('pickup');
    expect(holds[0]).not.toHaveProperty('expires');
  });
});

describe('fees', () => {
  const line = '2.00 EUR Overdue: Sinuhe';

  it('tell sum and reason where they can be told apart, and where to pay', () => {
    const amount = { amount: '2.00', currency: 'EUR' };
    const details = new Map([[line, { amount, reason: 'Overdue: Sinuhe' }]]);
    const feeTotal = { amount: '7.00', currency: 'EUR' };
    const screen = screenOf(
      account({ parts: { fines: { entries: [line, 'Something else'], details, feeTotal } } }),
    );
    expect(screen.fees).toEqual([
      { text: { acs: line }, amount, reason: { acs: 'Overdue: Sinuhe' } },
      { text: { acs: 'Something else' } },
    ]);
    expect(screen.payWhere).toEqual({ key: 'account.payWhere' });
    expect(screen.feeTotal).toEqual(feeTotal);
  });

  it('that are none name no place to pay', () => {
    expect(screenOf(account({}))).not.toHaveProperty('payWhere');
  });
});

describe('loans', () => {
  it('are overdue where the library system says so, whatever their date reads like', () => {
    const library: Library = {
      counts: { charged: 2, overdue: 1 },
      parts: { charged: { entries: ['300001', '300002'] }, overdue: { entries: ['300001'] } },
      items: { '300001': { due: { kind: 'text', text: 'last week' } } },
    };
    const { loans, counts } = screenOf(account(library));
    expect(loans.map(({ overdue }) => overdue)).toEqual([true, false]);
    expect(counts).toMatchObject({ loans: 2, overdue: 1 });
  });

  it('that are called back say so', () => {
    const library: Library = {
      counts: { charged: 2, recalled: 1 },
      parts: { charged: { entries: ['300001', '300002'] }, recalled: { entries: ['300002'] } },
    };
    const { loans, counts } = screenOf(account(library));
    expect(loans.map(({ recalled }) => recalled)).toEqual([false, true]);
    expect(counts).toMatchObject({ recalled: 1 });
  });

  it('are not asked for in lists that are empty', () => {
    const asked = account({ parts: { charged: { entries: ['300001'] } } }).calls.map(({ call }) =>
      call.kind === 'account' ? call.list : call.kind,
    );
    expect(asked).not.toContain('overdue');
    expect(asked).not.toContain('recalled');
  });

  it('an account whose rare list does not come is whole all the same', () => {
    const library: Library = {
      counts: { charged: 1, overdue: 1 },
      parts: { charged: { entries: ['300001'] } },
    };
    const driver = Driver.online().signIn('account');
    while (driver.call !== undefined) {
      if (driver.call.kind === 'account' && driver.call.list === 'overdue')
        driver.reply({ kind: 'account', outcome: unknown });
      else answer(driver, library);
    }
    expect(screenOf(driver)).not.toHaveProperty('problem');
  });

  it('tell title and due date as their own entry tells them', () => {
    const due = { kind: 'day', date: '2026-11-01' } as const;
    const details = new Map([['300001', { title: 'Sinuhe', due }]]);
    const driver = account({ parts: { charged: { entries: ['300001'], details } } });
    expect(screenOf(driver).loans).toMatchObject([{ title: 'Sinuhe', due, overdue: true }]);
    expect(driver.calls.filter(({ call }) => call.kind === 'item')).toEqual([]);
  });
});

describe('a long account', () => {
  const many = Array.from({ length: 60 }, (_, index) => String(310_000 + index));

  it('shows how many there are with the first answer, and every loan before their titles come', () => {
    const counts = { charged: 60, holdsReady: 2, holdsWaiting: 5, fines: 1 };
    const driver = Driver.online().signIn('account');
    answer(driver, { parts: { charged: { entries: many } }, counts });
    const screen = screenOf(driver);
    expect(screen.loading).toBe(true);
    expect(screen.counts).toEqual({ loans: 60, holds: 7, ready: 2, fees: 1 });
    expect(screen.loans).toHaveLength(60);
    expect(screen.loans.every((loan) => loan.title === undefined)).toBe(true);
  });

  it('fetches the lists first and then title by title, each shown as it comes', () => {
    const driver = Driver.online().signIn('account');
    const library: Library = { parts: { charged: { entries: many } }, counts: { charged: 60 } };
    while (driver.call?.kind === 'account') answer(driver, library);
    expect(driver.calls.filter(({ call }) => call.kind === 'account')).toHaveLength(4);
    for (let titles = 1; titles <= 60; titles++) {
      answer(driver, library);
      expect(screenOf(driver).loans.filter((loan) => loan.title !== undefined)).toHaveLength(titles);
    }
    expect(screenOf(driver).loading).toBe(false);
  });
});
