import { describe, expect, it } from 'vitest';
import {
  about,
  answered,
  card,
  charged,
  customer,
  Driver,
  item,
  lent,
  notSent,
  settings,
  unknown,
} from './driver.ts';

const atPin = (): Driver => Driver.online().act({ do: 'chooseService', service: 'borrow' }).scan(card);

describe('identifying', () => {
  it('goes from home over card and PIN to the service', () => {
    const driver = Driver.online();
    expect(driver.screen.name).toBe('home');
    driver.act({ do: 'chooseService', service: 'borrow' });
    expect(driver.screen.name).toBe('card');
    driver.act({ do: 'submitCardNumber', number: card });
    expect(driver.screen).toMatchObject({ name: 'pin', format: 'digits', length: 4, entered: 0 });
    driver.keys('1234');
    expect(driver.screen).toMatchObject({ entered: 4, checking: false });
    driver.act({ do: 'pinEnter' });
    expect(driver.screen).toMatchObject({ checking: true });
    driver.reply({ kind: 'checkCustomership', outcome: answered(customer) });
    expect(driver.screen.name).toBe('borrow');
    expect(driver.view.signedIn).toBe(true);
  });

  it('never has a character of the PIN in state, rows or view', () => {
    const driver = atPin();
    driver.happen({ type: 'act', act: { do: 'pinKey', slot: 1, digit: true }, epoch: driver.state.epoch });
    expect(driver.effects).toContainEqual({ do: 'pinKeep', slot: 1 });
    expect(driver.screen).toMatchObject({ entered: 1 });
  });

  it('takes no letter for a PIN of digits, no fifth digit, and no Enter before the fourth', () => {
    const driver = atPin().keys('12x3').act({ do: 'pinEnter' });
    expect(driver.screen).toMatchObject({ entered: 3, checking: false });
    driver.keys('45');
    expect(driver.screen).toMatchObject({ entered: 4 });
  });

  it('takes letters and signs for a password', () => {
    const pin = { ...settings.pin, format: 'password', length: undefined } as const;
    const driver = Driver.online({ settings: { pin } });
    driver.act({ do: 'chooseService', service: 'borrow' }).scan(card).keys('Heslo1!');
    expect(driver.screen).toMatchObject({ format: 'password', entered: 7 });
    expect(driver.act({ do: 'pinEnter' }).call).toEqual({ kind: 'checkCustomership', card });
  });

  it('erases and clears', () => {
    const driver = atPin().keys('12').act({ do: 'pinErase' });
    expect(driver.screen).toMatchObject({ entered: 1 });
    expect(driver.act({ do: 'pinClear' }).screen).toMatchObject({ entered: 0 });
    expect(driver.effects.at(-1)).toEqual({ do: 'pinClear' });
  });

  it('begins with a known card at the start', () => {
    expect(Driver.online().scan(card).screen).toMatchObject({ name: 'pin', service: 'borrow' });
  });

  it('keeps a card that was scanned in the moment of the choice', () => {
    const driver = Driver.online().scan(card).keys('1').act({ do: 'chooseService', service: 'borrow' });
    expect(driver.screen).toMatchObject({ name: 'pin', entered: 1 });
    expect(driver.act({ do: 'chooseService', service: 'account' }).screen).toMatchObject({ name: 'card' });
  });

  it('asks what is wanted when a book is scanned at the start', () => {
    const driver = Driver.online().scan(item);
    expect(driver.screen.name).toBe('home');
    expect(driver.view.notice).toMatchObject({ tone: 'attention', message: { key: 'notice.chooseFirst' } });
  });
});

describe('a check that does not end well', () => {
  const checked = (outcome: Parameters<Driver['reply']>[0]['outcome']): Driver =>
    atPin()
      .keys('1234')
      .act({ do: 'pinEnter' })
      .reply({ kind: 'checkCustomership', outcome } as never);

  it.each([
    [answered({ ...customer, pin: 'wrong' }), 'pin', 'pin.wrong', 'acs'],
    [answered({ ...customer, pin: 'notTold' }), 'pin', 'pin.notChecked', 'acs'],
    [answered({ ...customer, known: false }), 'card', 'card.unknown', 'acs'],
    [unknown, 'pin', 'acs.silent', 'station'],
    [notSent, 'pin', 'acs.away', 'station'],
  ] as const)(
    '%#: says what and who, journals the rule, and clears the PIN',
    (outcome, name, rule, source) => {
      const driver = checked(outcome as never);
      expect(driver.screen).toMatchObject({ name, refusal: { rule, source } });
      expect(driver.rows.at(-1)).toMatchObject({ row: 'refusal', rule, source });
      expect(driver.effects).toContainEqual({ do: 'pinClear' });
    },
  );

  it('does not count a try that could not be checked', () => {
    const driver = atPin();
    for (let i = 0; i < 5; i++) {
      driver.keys('1234').act({ do: 'pinEnter' }).reply({ kind: 'checkCustomership', outcome: unknown });
    }
    expect(driver.screen).toMatchObject({ name: 'pin' });
    expect(driver.state.pinTries).toEqual([]);
  });

  it('counts the try on the disk before it is checked', () => {
    const driver = atPin().keys('1234');
    const { epoch } = driver.state;
    const entered = driver.last({ type: 'act', act: { do: 'pinEnter' }, epoch });
    expect(entered.rows).toEqual([expect.objectContaining({ row: 'pinTried', card })]);
    expect(entered.effects.at(-1)).toMatchObject({ do: 'call' });
  });

  it('locks the card after the last try, and frees it when the time is over', () => {
    const driver = atPin();
    const wrong = answered({ ...customer, pin: 'wrong' as const });
    const left: unknown[] = [];
    for (let i = 0; i < 3; i++) {
      driver.keys('0000').act({ do: 'pinEnter' }).reply({ kind: 'checkCustomership', outcome: wrong });
      left.push(
        driver.screen.name === 'pin' ? driver.screen.refusal?.next.params?.['count'] : driver.screen.name,
      );
    }
    expect(left).toEqual([2, 1, 'refusal']);
    expect(driver.screen).toMatchObject({
      refusal: { rule: 'pin.lockedCard', source: 'station' },
      stillOpen: ['return'],
    });
    driver.act({ do: 'dismiss' }).scan(card).keys('1234').act({ do: 'pinEnter' });
    expect(driver.screen).toMatchObject({ name: 'refusal', refusal: { rule: 'pin.lockedCard' } });
    expect(driver.call).toBeUndefined();
    driver.pass(settings.pin.windowMs).act({ do: 'dismiss' }).scan(card).keys('1234').act({ do: 'pinEnter' });
    expect(driver.call).toEqual({ kind: 'checkCustomership', card });
  });

  it('calls a password a password', () => {
    const pin = { ...settings.pin, format: 'password', length: undefined, wrongPerCardMax: 1 } as const;
    const driver = Driver.online({ settings: { pin } });
    driver.act({ do: 'chooseService', service: 'borrow' }).scan(card).keys('x').act({ do: 'pinEnter' });
    driver.reply({ kind: 'checkCustomership', outcome: answered({ ...customer, pin: 'notTold' }) });
    expect(driver.screen).toMatchObject({ refusal: { rule: 'password.notChecked' } });
    driver.keys('x').act({ do: 'pinEnter' });
    driver.reply({ kind: 'checkCustomership', outcome: answered({ ...customer, pin: 'wrong' }) });
    expect(driver.screen).toMatchObject({ name: 'refusal', refusal: { rule: 'password.lockedCard' } });
  });

  it('leaves the next person’s PIN alone when the answer comes after the session', () => {
    const driver = atPin().keys('1234').act({ do: 'pinEnter' }).act({ do: 'leave' });
    driver.act({ do: 'chooseService', service: 'borrow' }).scan('200002').keys('12');
    const effects = driver.effects.length;
    driver.reply({ kind: 'checkCustomership', outcome: answered(customer) });
    expect(driver.effects.slice(effects)).not.toContainEqual({ do: 'pinClear' });
    expect(driver.screen).toMatchObject({ name: 'pin', entered: 2 });
  });

  it('clears the PIN of whoever turns to something else', () => {
    const driver = atPin().keys('12');
    const { epoch } = driver.state;
    const turned = driver.last({ type: 'act', act: { do: 'chooseService', service: 'return' }, epoch });
    expect(driver.screen.name).toBe('return');
    expect(turned.effects).toContainEqual({ do: 'pinClear' });
  });

  it('locks no longer than its time when the clock had been wrong', () => {
    const driver = atPin();
    driver.at += 10 * 365 * 86_400_000;
    const wrong = answered({ ...customer, pin: 'wrong' as const });
    for (let i = 0; i < 3; i++) {
      driver.keys('0000').act({ do: 'pinEnter' }).reply({ kind: 'checkCustomership', outcome: wrong });
    }
    driver.at -= 10 * 365 * 86_400_000;
    driver.act({ do: 'dismiss' }).scan(card).keys('1234').act({ do: 'pinEnter' });
    expect(driver.screen).toMatchObject({ refusal: { rule: 'pin.lockedCard' } });
    driver.pass(settings.pin.windowMs).act({ do: 'dismiss' }).scan(card).keys('1234').act({ do: 'pinEnter' });
    expect(driver.call).toEqual({ kind: 'checkCustomership', card });
  });

  it('shows nothing to the next patron when the answer comes after the session', () => {
    const driver = atPin().keys('1234').act({ do: 'pinEnter' }).act({ do: 'leave' });
    driver.reply({ kind: 'checkCustomership', outcome: answered(customer) });
    expect(driver.screen.name).toBe('home');
    expect(driver.view.signedIn).toBe(false);
  });
});

describe('a patron who may not borrow', () => {
  it.each([
    [['chargePrivilegesDenied'], 'patron.chargePrivilegesDenied'],
    [['chargePrivilegesDenied', 'excessiveOutstandingFines'], 'patron.excessiveOutstandingFines'],
    [['chargePrivilegesDenied', 'tooManyItemsCharged'], 'patron.tooManyItemsCharged'],
    [['cardReportedLost'], 'patron.cardReportedLost'],
  ] as const)('%j: is told %s, and keeps returns and account', (blocks, rule) => {
    const driver = Driver.online().signIn('borrow', { ...customer, blocks });
    expect(driver.screen).toMatchObject({ name: 'borrow', refusal: { rule, source: 'acs' } });
    expect(driver.view.goTo).toEqual(['return', 'account']);
    driver.scan(item);
    expect(driver.moves).toEqual([]);
  });

  it('is not told a wrong reason where the ACS sets every flag for any block', () => {
    const blocks = [
      'chargePrivilegesDenied',
      'renewalPrivilegesDenied',
      'recallPrivilegesDenied',
      'holdPrivilegesDenied',
      'cardReportedLost',
      'tooManyItemsCharged',
      'tooManyItemsOverdue',
      'tooManyRenewals',
      'tooManyClaimsOfItemsReturned',
      'tooManyItemsLost',
      'excessiveOutstandingFines',
    ] as const;
    const driver = Driver.online().signIn('borrow', { ...customer, blocks });
    expect(driver.screen).toMatchObject({ refusal: { rule: 'patron.chargePrivilegesDenied' } });
  });

  it('is not refused for reasons without the first flag', () => {
    const driver = Driver.online().signIn('borrow', { ...customer, blocks: ['tooManyItemsOverdue'] });
    expect(driver.screen).not.toHaveProperty('refusal');
  });
});

describe('a scan in the wrong place', () => {
  it.each([
    [
      'an item at the card prompt',
      () => Driver.online().act({ do: 'chooseService', service: 'borrow' }),
      item,
      'notice.itemNotCard',
    ],
    ['a card at the items', () => Driver.online().signIn(), '200009', 'notice.cardNotItem'],
    ['something of no pattern', () => Driver.online().signIn(), 'ABC', 'notice.unrecognised'],
    [
      'an identity number',
      () => Driver.online().act({ do: 'chooseService', service: 'borrow' }),
      '131052-308T',
      'notice.notKept',
    ],
    [
      'a bank card',
      () => Driver.online().act({ do: 'chooseService', service: 'account' }),
      '4111111111111111',
      'notice.notKept',
    ],
  ] as const)('%s is explained', (_what, make, text, key) => {
    const driver = make();
    const { rows, effects } = driver.last({ type: 'scan', text });
    expect(driver.view.notice?.message.key).toBe(key);
    expect(rows).toEqual([]);
    expect(effects.filter((effect) => effect.do === 'call' || effect.do === 'log')).toEqual([]);
    if (key === 'notice.notKept') expect(JSON.stringify({ ...driver.state, open: [] })).not.toContain(text);
  });

  it('the word goes with the next scan or touch, and not with a change of the language', () => {
    const wrong = (): Driver => Driver.online().signIn().scan('ABC');
    expect(wrong().view.notice).toBeDefined();
    expect(wrong().scan(item).view.notice).toBeUndefined();
    expect(wrong().act({ do: 'chooseService', service: 'account' }).view.notice).toBeUndefined();
    expect(wrong().act({ do: 'chooseLanguage', language: 'cs' }).view.notice).toBeDefined();
    expect(wrong().act({ do: 'stay' }).view.notice).toBeDefined();
  });

  it('the same word again is another word', () => {
    const driver = Driver.online().signIn().scan('ABC');
    const first = driver.view.notice?.id ?? 0;
    expect(driver.scan('ABC').view.notice?.id).toBeGreaterThan(first);
    const afterSomethingElse = driver.scan(item).view.notice?.id;
    expect(afterSomethingElse).toBeUndefined();
    expect(driver.scan('ABC').view.notice?.id).toBeGreaterThan(first);
  });

  it('an unreadable barcode gets a word', () => {
    const driver = Driver.online().signIn().happen({ type: 'scanUnreadable', why: 'tooLong' });
    expect(driver.view.notice).toMatchObject({ tone: 'attention', message: { key: 'notice.unreadable' } });
  });
});

describe('the end of a session', () => {
  it('counts what was done and forgets who did it', () => {
    const driver = Driver.online()
      .signIn()
      .scan(item)
      .reply({ kind: 'checkout', outcome: answered(lent) });
    const { epoch } = driver.state;
    driver.act({ do: 'finish', receipt: false });
    expect(driver.screen).toEqual({ name: 'finished', lent: 1, returned: 0, renewed: 0, unsettled: 0 });
    expect(driver.state.epoch).toBe(epoch + 1);
    expect(JSON.stringify(driver.view)).not.toContain(item);
    expect(driver.call).toEqual({ kind: 'endSession', card });
  });

  it('waits for an answer that is under way, but not for ever', () => {
    const driver = Driver.online().signIn().scan(item).act({ do: 'finish', receipt: false });
    expect(driver.screen.name).toBe('borrow');
    expect(driver.view.canFinish).toBe(false);
    driver.reply({ kind: 'checkout', outcome: answered(lent) });
    expect(driver.screen).toMatchObject({ name: 'finished', lent: 1 });
    const other = Driver.online()
      .signIn()
      .scan(item)
      .act({ do: 'finish', receipt: false })
      .timer('finishWait');
    expect(other.screen).toMatchObject({ name: 'finished', unsettled: 1 });
  });

  it('drops an intent of the past session', () => {
    const driver = Driver.online().signIn();
    const past = driver.state.epoch;
    driver.act({ do: 'finish', receipt: false }).timer('finished');
    driver.happen({ type: 'act', act: { do: 'chooseService', service: 'borrow' }, epoch: past });
    expect(driver.screen.name).toBe('home');
  });

  it('asks "are you still there" after the idle time, counts down, and ends', () => {
    const driver = Driver.online().signIn().timer('idle');
    expect(driver.view.stillThere).toEqual({ secondsLeft: 20 });
    for (let second = 0; second < 20; second++) driver.pass(1_000).timer('countdown');
    expect(driver.screen.name).toBe('finished');
    expect(driver.timer('finished').screen.name).toBe('home');
  });

  it.each([
    ['a touch', (driver: Driver) => driver.act({ do: 'stay' })],
    ['a scan', (driver: Driver) => driver.scan(item)],
  ])('%s takes the question away', (_what, touch) => {
    const driver = touch(Driver.online().signIn().timer('idle'));
    expect(driver.view.stillThere).toBeUndefined();
    expect(driver.effects).toContainEqual({ do: 'cancelTimer', name: 'countdown' });
  });

  it('stops the timers of the session, and one that fires late does nothing', () => {
    const driver = Driver.online().signIn().timer('idle');
    const past = driver.state.epoch;
    driver.act({ do: 'finish', receipt: false }).timer('finished');
    for (const name of ['idle', 'countdown', 'finishWait'] as const) {
      expect(driver.effects).toContainEqual({ do: 'cancelTimer', name });
      driver.timer(name, past);
    }
    expect(driver.view.stillThere).toBeUndefined();
    expect(driver.screen.name).toBe('home');
  });

  it('puts the language back to the library’s', () => {
    const driver = Driver.online().act({ do: 'chooseLanguage', language: 'cs' });
    expect(driver.view.language).toBe('cs');
    expect(driver.signIn().act({ do: 'finish', receipt: false }).view.language).toBe('cs');
    expect(driver.timer('finished').view.language).toBe('fi');
  });
});

describe('the account', () => {
  it('shows numbers first, then titles and due dates, then holds and fees', () => {
    const driver = Driver.online().signIn('account');
    expect(driver.screen).toMatchObject({ name: 'account', loading: true });
    driver.reply({ kind: 'account', outcome: answered(charged([item])) });
    expect(driver.screen).toMatchObject({ loans: [{ item, renewal: { state: 'possible' } }] });
    const part = (list: 'holdsReady' | 'holdsWaiting' | 'fines', entries: readonly string[]): void => {
      const feeTotal = list === 'fines' ? { amount: '2.50', currency: 'EUR' } : undefined;
      driver.reply({ kind: 'account', outcome: answered({ ...charged(entries), list, feeTotal }) });
    };
    part('holdsReady', ['300005']);
    part('holdsWaiting', []);
    part('fines', ['Overdue 2.50']);
    driver.reply({
      kind: 'item',
      outcome: answered({ ...about('charged', 'x'), due: { kind: 'day', date: '2026-11-01' } }),
    });
    driver.reply({ kind: 'item', outcome: answered({ ...about('onHoldShelf'), title: 'Kalevala' }) });
    expect(driver.screen).toMatchObject({
      loading: false,
      loans: [{ item, title: 'Sinuhe', overdue: true }],
      holds: [{ item: '300005', title: 'Kalevala', ready: true }],
      fees: [{ text: { acs: 'Overdue 2.50' } }],
      feeTotal: { amount: '2.50', currency: 'EUR' },
    });
  });

  it('does not call a sum of nothing a fee', () => {
    const driver = Driver.online().signIn('account');
    for (const list of ['charged', 'holdsReady', 'holdsWaiting', 'fines'] as const) {
      const feeTotal = { amount: '0.00', currency: 'EUR' };
      driver.reply({ kind: 'account', outcome: answered({ ...charged([]), list, feeTotal }) });
    }
    expect(driver.screen).toMatchObject({ name: 'account', loading: false, fees: [] });
    expect(driver.screen).not.toHaveProperty('feeTotal');
  });

  it('says so when a list did not come or does not hold what it counts', () => {
    const driver = Driver.online().signIn('account').reply({ kind: 'account', outcome: unknown });
    expect(driver.screen).toMatchObject({ problem: { key: 'account.problem.partial' } });
    const short = Driver.online()
      .signIn('account')
      .reply({ kind: 'account', outcome: answered(charged([item], 9)) });
    expect(short.screen).toMatchObject({ problem: { key: 'account.problem.partial' } });
  });

  it('offers no renewal of what was lent a minute ago', () => {
    const driver = Driver.online().signIn('borrow').scan(item);
    driver.reply({ kind: 'checkout', outcome: answered(lent) });
    driver.act({ do: 'chooseService', service: 'account' });
    driver.reply({ kind: 'account', outcome: answered(charged([item, '300002'])) });
    expect(driver.screen).toMatchObject({
      loans: [
        { item, renewal: { state: 'resting' } },
        { item: '300002', renewal: { state: 'possible' } },
      ],
    });
  });

  it('renews a loan by a touch', () => {
    const driver = Driver.online().signIn('account', { ...customer, chargedItems: [item] });
    driver.reply({ kind: 'account', outcome: answered(charged([item])) });
    driver.act({ do: 'renewItem', item });
    expect(driver.screen).toMatchObject({ loans: [{ renewal: { state: 'pending' } }] });
    driver.reply({ kind: 'account', outcome: unknown });
    driver.reply({ kind: 'item', outcome: answered(about('charged', 'before')) });
    driver.reply({ kind: 'renew', outcome: answered(lent) });
    expect(driver.screen).toMatchObject({
      loans: [{ due: { date: '2026-12-18' }, renewal: { state: 'renewed' } }],
    });
  });
});

describe('while the ACS is away', () => {
  it.each([
    { return: true, returnOffline: false },
    { return: false, returnOffline: true },
  ])('no return is promised where none is taken: %o', (returns) => {
    const services = { ...settings.services, ...returns };
    for (const link of ['unreachable', 'closed', 'plannedDown', 'loginRefused'] as const) {
      const { status } = new Driver({ settings: { services } }).link(link).view;
      expect(status).toEqual({ mode: 'offline', message: { key: 'status.noReturns' } });
    }
  });

  it('lending and account rest with a word, returns go on', () => {
    const driver = new Driver().link('unreachable');
    expect(driver.view.status).toEqual({ mode: 'offline', message: { key: 'status.offline' } });
    expect(driver.screen).toMatchObject({
      services: [
        { service: 'borrow', available: false, message: { key: 'service.resting.acs' } },
        { service: 'return', available: true },
        { service: 'account', available: false },
      ],
    });
    driver.act({ do: 'chooseService', service: 'borrow' });
    expect(driver.screen).toMatchObject({
      name: 'refusal',
      refusal: { rule: 'acs.away' },
      stillOpen: ['return'],
    });
  });

  it('a connection that is made anew after a lost reply is no outage', () => {
    const driver = Driver.online().signIn().link('connecting');
    expect(driver.view.status.mode).toBe('online');
    driver.scan(item);
    expect(driver.items[0]).toMatchObject({ state: 'pending' });
    driver.link('unreachable').scan('300002');
    expect(driver.items[0]).toMatchObject({ state: 'refused', refusal: { rule: 'acs.away' } });
  });

  it.each([
    ['closed', 'status.closed'],
    ['loginRefused', 'status.loginRefused'],
    ['connecting', 'status.connecting'],
    ['plannedDown', 'status.plannedDown'],
    ['terminalRefused', 'status.terminalRefused'],
    ['certificateRefused', 'status.certificateRefused'],
  ] as const)('%s has its own words', (state, key) => {
    const driver = new Driver().link(state);
    expect(driver.view.status).toEqual({ mode: 'offline', message: { key } });
    expect(driver.screen).toMatchObject({
      services: [{ available: false }, { available: true }, { available: false }],
    });
  });

  it('a planned rest says until when', () => {
    const driver = new Driver().happen({ type: 'ils', status: { state: 'plannedDown', until: '03:30' } });
    expect(driver.view.status.message).toEqual({
      key: 'status.plannedDownUntil',
      params: { time: { time: '03:30' } },
    });
  });
});

describe('while the ACS is slow', () => {
  it('all goes on, and the screen says why it takes its time', () => {
    const driver = Driver.online().signIn().link('slow');
    expect(driver.view.status).toEqual({ mode: 'degraded', message: { key: 'status.slow' } });
    driver.scan(item);
    expect(driver.items[0]).toMatchObject({ state: 'pending' });
    expect(driver.link('connecting').view.status.mode).toBe('online');
  });

  it('the account is answered too', () => {
    const driver = Driver.online().link('slow').signIn('account');
    expect(driver.call).toMatchObject({ kind: 'account' });
    expect(driver.screen).toMatchObject({ name: 'account', loading: true });
  });
});
