import { describe, expect } from 'vitest';
import { askDesk } from '../../src/cli/ask-station.ts';
import type { ItemData, PatronData } from '../../src/simulator/acs/library-data.ts';
import { openLocalSocket } from '../../src/station/socket-connect.ts';
import { stationSocketPath } from '../../src/station/socket-path.ts';
import { filesBelow } from '../support/files.ts';
import { stageTest, test } from '../support/on-stage.ts';
import { SocketDesk } from '../support/socket-desk.ts';
import type { StationRig } from '../support/station-rig.ts';
import { until } from '../support/until.ts';

/** Nothing else in station or world has these digits in a row. */
const card = (index: number): string => `2999777${String(index).padStart(7, '0')}`;
const item = (index: number): string => `3999777${String(index).padStart(7, '0')}`;

const loansEach = 5;
const borrowers = 58;
const returners = 41;
const rowsPerSession = 50;

/** On loan when the library system goes away, and brought back while it is. */
const brought = Array.from({ length: returners * loansEach }, (_, index) => item(index));
/** On the shelf, and lent while it is away. */
const lentOut = Array.from({ length: borrowers * loansEach }, (_, index) => item(1_000 + index));
/** The library system knows nothing of these. */
const unknownItems = [item(8_001), item(8_002), item(8_003)];
/** A film is lent for a week, and the station says four. */
const film = item(9_000);
const ofUnknownCard = [item(9_001), item(9_002)];

const borrowerCard = (index: number): string => card(1_000 + index);
const mixedCard = card(2_000);
const guestCard = card(3_000);
const unknownCard = card(9_999);

const book = (number: string): ItemData => ({
  item: number,
  title: `Book ${number.slice(-4)}`,
  type: 'book',
});
const patron = (number: string, loans: readonly string[] = []): PatronData => ({
  card: number,
  pin: '1234',
  name: 'Weekend, Wanda',
  loans: loans.map((one) => ({ item: one, dueInDays: 10 })),
});

const moreItems: readonly ItemData[] = [
  ...[...brought, ...lentOut, ...ofUnknownCard].map(book),
  { ...book(film), type: 'dvd' },
];
const morePatrons: readonly PatronData[] = [
  ...Array.from({ length: returners }, (_, index) =>
    patron(card(index), brought.slice(index * loansEach, (index + 1) * loansEach)),
  ),
  ...Array.from({ length: borrowers }, (_, index) => patron(borrowerCard(index))),
  patron(mixedCard),
  patron(guestCard),
];

/** A zone in which it is about noon, so that no midnight comes between a loan and its telling. */
function zoneAtNoon(): string {
  const hour = new Date().getUTCHours();
  const ahead = 12 - hour;
  // POSIX’s sign: what lies west is positive.
  return ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

async function scanned(rig: StationRig, desk: SocketDesk, number: string): Promise<void> {
  await rig.scan(number);
  await desk.until(
    `the row of ${number}`,
    ({ screen }) =>
      (screen.name === 'borrow' || screen.name === 'return') &&
      screen.items.some((row) => row.item === number && row.state === 'offline'),
  );
}

/** The good-bye goes by itself; whoever comes next does not wait for it. */
async function finish(desk: SocketDesk): Promise<void> {
  desk.act({ do: 'finish', receipt: false });
  await desk.until('the good-bye', ({ screen }) => screen.name === 'finished' || screen.name === 'home');
  desk.act({ do: 'dismiss' });
  await desk.until('the first screen', ({ screen }) => screen.name === 'home');
}

async function borrows(
  rig: StationRig,
  desk: SocketDesk,
  who: string,
  items: readonly string[],
): Promise<void> {
  desk.act({ do: 'chooseService', service: 'borrow' });
  await desk.until('the card screen', ({ screen }) => screen.name === 'card');
  desk.act({ do: 'submitCardNumber', number: who });
  await desk.until(
    'the borrow screen',
    ({ screen }) => screen.name === 'borrow' && screen.items.length === 0,
  );
  for (const number of items) await scanned(rig, desk, number);
  await finish(desk);
}

async function bringsBack(rig: StationRig, desk: SocketDesk, items: readonly string[]): Promise<void> {
  desk.act({ do: 'chooseService', service: 'return' });
  await desk.until(
    'the return screen',
    ({ screen }) => screen.name === 'return' && screen.items.length === 0,
  );
  for (const number of items) await scanned(rig, desk, number);
  await finish(desk);
}

/** Files of the data folder in which a card number or an item of this weekend stands in clear. */
function filesInClear(folder: string): readonly string[] {
  return filesBelow(folder)
    .filter(({ bytes }) => /[23]999777/.test(bytes.toString('latin1')))
    .map(({ path }) => path);
}

interface StaffRow {
  readonly item: string;
  readonly rule?: string;
  readonly due?: string;
  readonly words: readonly string[];
  readonly found?: Readonly<Record<string, string>>;
}

async function staffList(rig: StationRig): Promise<readonly StaffRow[]> {
  const answer = await askDesk(openLocalSocket(stationSocketPath(rig.data)), {
    by: 'weekend',
    act: { do: 'list', state: 'staff', limit: 100 },
  });
  if (!answer.ok) throw new Error(answer.error);
  return answer.value as readonly StaffRow[];
}

describe('a weekend without the library system', stageTest, () => {
  test('five hundred loans and returns: all are told once and in order, and staff get the rest', async ({
    stage,
  }) => {
    const rig = await stage.world({
      morePatrons,
      moreItems,
      timeZone: zoneAtNoon(),
      // An ACS that knows no no-block: it gives its own dates, and may refuse.
      acs: { overrides: { noBlock: { checkin: true, checkout: false, renew: false } } },
      config: {
        services: { borrow: { offline: { pin: 'not-asked', perPatron: 5, perOutage: 1_000 } } },
      },
    });
    await rig.acs.refuseConnections(true);
    await rig.startStation();
    const kiosk = await stage.kiosk(rig);
    await kiosk.mode('offline');
    const desk = await SocketDesk.at(stationSocketPath(rig.data));

    for (let first = 0; first < brought.length; first += rowsPerSession)
      await bringsBack(rig, desk, brought.slice(first, first + rowsPerSession));
    for (let index = 0; index < borrowers; index++) {
      const first = index * loansEach;
      await borrows(rig, desk, borrowerCard(index), lentOut.slice(first, first + loansEach));
    }
    await borrows(rig, desk, mixedCard, [...unknownItems, film]);
    await borrows(rig, desk, unknownCard, ofUnknownCard);
    desk.close();

    // One of them in the browser: what came back this weekend goes out again.
    const again = brought[0] ?? '';
    await kiosk.speak('en');
    await kiosk.banner('works on its own');
    await kiosk.tap('home-borrow');
    await kiosk.screen('card');
    await rig.scan(guestCard);
    await kiosk.screen('borrow');
    await rig.scan(again);
    expect(await kiosk.rowWords(again, 'offline')).toMatch(/Due .* for now.*may still change/);
    await kiosk.tap('finish');
    await kiosk.screen('home');

    const waited = brought.length + lentOut.length + unknownItems.length + 1 + ofUnknownCard.length + 1;
    expect(waited).toBeGreaterThanOrEqual(500);
    expect((await rig.status())['withoutLibrarySystem']).toMatchObject({ lends: true, waiting: waited });
    expect(await rig.acs.ledger()).toEqual([]);
    expect(filesInClear(rig.data)).toEqual([]);

    await rig.acs.refuseConnections(false);
    await until('everything is told', async () => (await rig.status())['unsettled'] === 0, 120_000);
    const staff = await staffList(rig);
    expect(new Set(staff.map((row) => row.item))).toEqual(new Set([...unknownItems, film, ...ofUnknownCard]));
    expect(staff.find((row) => row.item === film)).toMatchObject({
      rule: 'sync.otherDue',
      found: { item: 'charged', patron: 'hasIt', card: 'fine' },
    });
    for (const row of staff.filter(({ item: number }) => number !== film)) {
      expect(row.words).toHaveLength(1);
      const card = ofUnknownCard.includes(row.item) ? 'notValid' : 'fine';
      expect(row.found).toMatchObject({ item: card === 'fine' ? 'unknown' : 'available', card });
    }
    // The first and the last of each kind, and some by chance, were looked at.
    expect((await rig.status())['acceptances']).toMatchObject({
      lookedAt: 'samples',
      notDone: 0,
      notTold: 0,
    });
    expect(staff).toHaveLength(unknownItems.length + 1 + ofUnknownCard.length);

    const told = (await rig.acs.ledger()).map((entry) => `${entry.effect} ${entry.item} ${entry.card}`);
    const loans = lentOut.map(
      (number, index) => `checkout ${number} ${borrowerCard(Math.floor(index / loansEach))}`,
    );
    // One connection, one queue: the order of the weekend is the order in which it is told.
    expect(told).toEqual([
      ...brought.map((number, index) => `checkin ${number} ${card(Math.floor(index / loansEach))}`),
      ...loans,
      `checkout ${film} ${mixedCard}`,
      `checkout ${again} ${guestCard}`,
    ]);
    expect(filesInClear(rig.data)).toEqual([]);
  });
});
