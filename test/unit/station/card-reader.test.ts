import { describe, expect, it } from 'vitest';
import { MemoryBarcodeScanner } from '../../../src/devices/barcode-scanner/memory.ts';
import { MemoryCardReader } from '../../../src/devices/card-reader/memory.ts';
import { MemoryRelayBoard } from '../../../src/devices/relay/memory.ts';
import type { Ils } from '../../../src/ils/ils.ts';
import type { Journal } from '../../../src/journal/rows.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { systemRandom } from '../../../src/kernel/random.ts';
import type { View } from '../../../src/shared/view.ts';
import { lightsOf } from '../../../src/station/lights.ts';
import { Station } from '../../../src/station/station.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { answered, card, Driver, item, lent, settings } from './driver.ts';

const read = { type: 'scan', text: card, source: 'card-reader' } as const;
const put = { type: 'cardPresence', present: true } as const;
const taken = { type: 'cardPresence', present: false } as const;
const word = (driver: Driver): string | undefined => driver.view.notice?.message.key;

describe('a card in the reader', () => {
  it('opens the way to its PIN from the start', () => {
    const driver = Driver.online().happen(put).happen(read);
    expect(driver.screen).toMatchObject({ name: 'pin', service: 'borrow' });
    expect(driver.view.status).toEqual({ mode: 'online' });
  });

  it('is a card also where the library told nothing of its numbers', () => {
    const driver = Driver.online({ settings: { identifiers: { card: [], item: [/^\d{10}$/] } } });
    const uid = { type: 'scan', text: '1234567890', source: 'card-reader' } as const;
    driver.act({ do: 'chooseService', service: 'account' }).happen(uid);
    expect(driver.screen.name).toBe('pin');
  });

  it('that is moved while its patron borrows is no mistake, and another one is', () => {
    const driver = Driver.online().happen(put).signIn();
    expect(word(driver.happen(read))).toBeUndefined();
    expect(word(driver.happen({ ...read, text: '200002' }))).toBe('notice.cardNotItem');
  });

  it('that cannot be read gets a word of its own', () => {
    const driver = Driver.online().happen({ type: 'cardUnreadable', why: 'badRead' });
    expect(driver.view.notice).toMatchObject({
      tone: 'attention',
      message: { key: 'notice.cardUnreadable' },
    });
  });

  it('is asked to be taken at the end, until it is', () => {
    const driver = Driver.online().happen(put).signIn().scan(item);
    driver.reply({ kind: 'checkout', outcome: answered(lent) }).act({ do: 'finish', receipt: false });
    expect(driver.screen).toMatchObject({ name: 'finished', lent: 1 });
    expect(driver.view.notice).toMatchObject({ tone: 'attention', message: { key: 'notice.takeCard' } });
    expect(driver.view.cardLeft).toBe(true);
    driver.timer('finished');
    expect(driver.screen.name).toBe('home');
    expect(driver.view.status).toEqual({ mode: 'online', message: { key: 'status.cardLeft' } });
    expect(driver.view.cardLeft).toBe(true);
    driver.happen(taken);
    expect(driver.view.status).toEqual({ mode: 'online' });
    expect([driver.view.cardLeft, word(driver)]).toEqual([undefined, undefined]);
  });

  it('is asked to be taken when its patron walks away from the PIN', () => {
    const driver = Driver.online().happen(put).happen(read).act({ do: 'leave' });
    expect([driver.screen.name, word(driver)]).toEqual(['home', 'notice.takeCard']);
    expect(word(driver.happen(taken))).toBeUndefined();
  });

  it('that was taken in time is not asked for', () => {
    const driver = Driver.online().happen(put).happen(read).happen(taken).act({ do: 'leave' });
    expect([driver.screen.name, word(driver)]).toEqual(['home', undefined]);
  });

  it('is said also where the journal can write nothing', () => {
    const lost = { type: 'cardPresence', present: true } as const;
    const driver = Driver.online().happen({ type: 'commitFailed', failure: { kind: 'full' }, lost });
    expect(driver.state.cardInReader).toBe(true);
  });
});

describe('the lights', () => {
  const on = (view: View): string[] => [...lightsOf(view)].toSorted();
  it('tell from afar how the station is', () => {
    expect(on(Driver.online().view)).toEqual(['ready']);
    expect(on(Driver.online().link('unreachable').view)).toEqual(['attention']);
    expect(on(Driver.online().happen({ type: 'scanner', ready: false }).view)).toEqual(['attention']);
    expect(on(Driver.online().signIn().view)).toEqual(['inUse']);
    expect(on(Driver.online().happen({ type: 'diskProbed', disk: 'broken' }).view)).toEqual(['outOfService']);
  });
  it('show where the card goes, and that it was left', () => {
    const driver = Driver.online().act({ do: 'chooseService', service: 'borrow' });
    expect(on(driver.view)).toEqual(['cardSlot', 'inUse']);
    driver.happen(put).happen(read);
    expect(on(driver.view)).toEqual(['inUse']);
    driver.act({ do: 'leave' });
    expect(on(driver.view)).toEqual(['cardSlot', 'ready']);
  });
});

describe('a station with card reader and lamps', () => {
  it('joins them to what it does', () => {
    const journal: Journal = {
      commit: () => ({ ok: true }),
      open: () => [],
      pinTries: () => [],
      tagWork: () => [],
      outage: () => undefined,
      believed: () => [],
      doubted: () => undefined,
      hash: (value) => value,
      probe: () => 'fine',
      staffCount: () => 0,
      close: () => undefined,
    };
    const nothing = (): void => undefined;
    const ils: Ils = {
      start: (onStatus) => onStatus({ state: 'online' }),
      stop: nothing,
      checkCustomership: nothing,
      account: nothing,
      item: nothing,
      checkout: nothing,
      checkin: nothing,
      renew: nothing,
      endSession: nothing,
      hold: nothing,
      feePaid: nothing,
      renewAll: nothing,
    };
    const scanner = new MemoryBarcodeScanner();
    const first = new MemoryCardReader();
    const second = new MemoryCardReader();
    const lamps = new MemoryRelayBoard();
    const slot = new MemoryRelayBoard();
    const told: string[] = [];
    const station = new Station({
      settings,
      journal,
      ils,
      clock: new VirtualClock(),
      random: systemRandom,
      log: silentLog,
      publish: nothing,
      scanners: [scanner],
      cardReaders: [first, second],
      relays: [
        { device: lamps, lights: { ready: 1, inUse: 2, attention: 3 } },
        { device: slot, lights: { cardSlot: 8 } },
      ],
      onCardReader: (index, status) => told.push(`card-reader ${index} ${status.state}`),
      onRelay: (index, status) => told.push(`relay ${index} ${status.state}`),
    });
    station.start();
    expect(lamps.on).toEqual([3]);
    scanner.plug();
    first.tell({ state: 'ready' });
    second.tell({ state: 'silent' });
    slot.tell({ state: 'offline', reason: 'unplugged' });
    expect(lamps.on).toEqual([1]);
    first.put({ kind: 'card', text: card });
    expect(station.loop.state.session.phase).toBe('pin');
    expect([lamps.on, slot.on]).toEqual([[2], []]);
    station.loop.intent('1', station.loop.state.epoch, { do: 'leave' });
    expect([lamps.on, slot.on]).toEqual([[1], [8]]);
    first.tell({ state: 'offline', reason: 'unplugged' });
    expect([station.loop.state.cardInReader, slot.on]).toEqual([false, []]);
    expect(told).toEqual([
      'card-reader 0 ready',
      'card-reader 1 silent',
      'relay 1 offline',
      'card-reader 0 offline',
    ]);
    station.stop();
    expect(lamps.on).toEqual([]);
  });
});
