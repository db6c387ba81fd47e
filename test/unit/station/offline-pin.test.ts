import { describe, expect, it } from 'vitest';
import type { OfflineRules } from '../../../src/station/core/offline-rules.ts';
import { answered, card, customer, Driver, item, unknown } from './driver.ts';

const offline: OfflineRules = {
  pin: 'verifier',
  perPatronMax: 5,
  perOutageMax: 5,
  due: { loanDays: 28, closedWeekdays: [], closedDates: [] },
  checkDigit: undefined,
  adultCards: [],
  lendableItems: [],
  neverItems: [],
  ageRatedItems: [],
  lists: [],
};

const online = (): Driver => Driver.online({ settings: { offline } });

const away = (): Driver =>
  new Driver({ settings: { offline } }).link('unreachable').happen({ type: 'scanner', ready: true });

const typed = (driver: Driver): Driver =>
  driver.act({ do: 'chooseService', service: 'borrow' }).scan(card).keys('1234').act({ do: 'pinEnter' });

const verdict = (driver: Driver, told: 'right' | 'wrong' | 'none', epoch = driver.state.epoch): Driver =>
  driver.happen({ type: 'pinVerified', card, epoch, verdict: told });

const did = (driver: Driver): readonly string[] => driver.effects.map((effect) => effect.do);

describe('what a PIN can be checked against in an outage', () => {
  it('is made when the library system has confirmed it, before the PIN is overwritten', () => {
    const driver = online().signIn();
    expect(driver.effects).toContainEqual({ do: 'pinEnrol', card });
    expect(did(driver).indexOf('pinEnrol')).toBeLessThan(did(driver).lastIndexOf('pinClear'));
    const sealed = Uint8Array.of(1);
    expect(driver.last({ type: 'verifierMade', card, sealed }).rows).toEqual([
      { row: 'pinVerifier', card, at: driver.at, sealed },
    ]);
  });

  it.each([
    ['a wrong PIN', { ...customer, pin: 'wrong' as const }, false],
    ['a PIN of which nothing was told', { ...customer, pin: 'notTold' as const }, false],
    ['an unknown card', { ...customer, known: false }, true],
    ['a card that may not borrow', { ...customer, blocks: ['cardReportedLost' as const] }, true],
  ])('is not made of %s', (_what, who, gone) => {
    const driver = online().signIn('borrow', who);
    expect(did(driver)).not.toContain('pinEnrol');
    const rows = driver.rows.filter(({ row }) => row === 'pinVerifierGone');
    expect(rows).toEqual(gone ? [{ row: 'pinVerifierGone', card }] : []);
  });

  it('is not made without an answer, nor of the PIN of somebody who has left', () => {
    const silent = typed(online()).reply({ kind: 'checkCustomership', outcome: unknown });
    expect(did(silent)).not.toContain('pinEnrol');
    const gone = typed(online()).act({ do: 'leave' });
    gone.reply({ kind: 'checkCustomership', outcome: answered(customer) });
    expect(did(gone)).not.toContain('pinEnrol');
  });

  it('is not made where the library has not turned it on', () => {
    const rules = Driver.online({ settings: { offline: { ...offline, pin: 'not-asked' } } });
    expect(did(rules.signIn())).not.toContain('pinEnrol');
    expect(did(Driver.online().signIn())).not.toContain('pinEnrol');
  });
});

describe('a PIN in an outage', () => {
  it('opens nothing for the card that made way for another', () => {
    const driver = typed(away());
    driver.act({ do: 'chooseService', service: 'return' }).act({ do: 'leave' });
    const late = driver.state.epoch;
    typed(driver);
    verdict(driver, 'right', late - 1);
    expect(driver.screen.name).toBe('pin');
    driver.happen({ type: 'pinVerified', card: '200002', epoch: late, verdict: 'right' });
    expect(driver.screen.name).toBe('pin');
    expect(verdict(driver, 'right').screen.name).toBe('borrow');
  });

  it('is counted on the disk before it is checked', () => {
    const driver = typed(away());
    expect(driver.rows).toMatchObject([{ row: 'pinTried', card }]);
    expect(driver.effects).toContainEqual({ do: 'pinVerify', card, epoch: driver.state.epoch });
    expect(driver.screen).toMatchObject({ name: 'pin', checking: true });
    expect(driver.calls).toEqual([]);
  });

  it('that is right opens a session by the station’s own rules, and its tries are forgiven', () => {
    const driver = verdict(typed(away()), 'right');
    expect(driver.rows.at(-1)).toEqual({ row: 'pinForgiven', card, all: true });
    expect(driver.screen.name).toBe('borrow');
    expect(did(driver)).toContain('pinClear');
    expect(driver.scan(item).moves).toEqual(['checkout waiting']);
  });

  it('that is wrong is refused by the station, and locks the card after so many', () => {
    let driver = verdict(typed(away()), 'wrong');
    expect(driver.screen).toMatchObject({
      name: 'pin',
      entered: 0,
      refusal: { rule: 'offline.pinWrong', source: 'station' },
    });
    for (const _try of [2, 3]) driver = verdict(driver.keys('9999').act({ do: 'pinEnter' }), 'wrong');
    expect(driver.screen).toMatchObject({ name: 'refusal', refusal: { rule: 'pin.lockedCard' } });
  });

  it('of which the station knows nothing is refused, and is no wrong try', () => {
    const driver = verdict(typed(away()), 'none');
    expect(driver.rows.slice(-2)).toMatchObject([
      { row: 'pinForgiven', all: false },
      { row: 'refusal', rule: 'offline.pinNotKnown', source: 'station' },
    ]);
    expect(driver.screen).toMatchObject({ name: 'refusal', refusal: { rule: 'offline.pinNotKnown' } });
  });

  it('whose patron has left opens nothing', () => {
    const driver = typed(away());
    const { epoch } = driver.state;
    driver.act({ do: 'leave' });
    expect(verdict(driver, 'right', epoch).screen.name).toBe('home');
  });

  it('is not checked for the account', () => {
    const driver = away().act({ do: 'chooseService', service: 'account' });
    expect(driver.screen).toMatchObject({ name: 'refusal', refusal: { rule: 'acs.away' } });
  });
});
