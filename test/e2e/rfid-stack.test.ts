import { describe, expect } from 'vitest';
import { journalTags } from '../../src/cli/commands/journal/tags.ts';
import { stationSocketPath } from '../../src/station/socket-path.ts';
import { books, people } from '../support/example-library.ts';
import type { Kiosk } from '../support/kiosk.ts';
import { stageTest, test as base, type Stage } from '../support/on-stage.ts';
import type { StationRig } from '../support/station-rig.ts';
import { until } from '../support/until.ts';
import { gateSounds, VirtualTable } from '../support/virtual-table.ts';

const { aino } = people;
/** A whole stack, on a machine that is busy with other tests. */
const stackMsMax = 90_000;
/** Free, and its chip refuses to be written. */
const stubborn = '31999000010351';
/** For the reading room: lent, and its security stays on. */
const readingRoom = '31999000012803';

interface Scene {
  readonly rig: StationRig;
  readonly kiosk: Kiosk;
}

const test = base.extend('table', async ({}, { onCleanup }): Promise<VirtualTable> => {
  const table = await VirtualTable.create();
  onCleanup(() => table.close());
  return table;
});

async function scene(stage: Stage, table: VirtualTable): Promise<Scene> {
  const { rig, kiosk } = await stage.both({
    moreDevices: [table.device],
    // A busy machine answers late, and neither a slow answer nor a question whether anybody is there is what is tried here.
    acs: { replyTimeoutSeconds: 30 },
    config: {
      collections: { owners: ['FI-Own'] },
      session: { finishedSeconds: 2, idleSeconds: 600 },
    },
  });
  await kiosk.mode('online');
  await kiosk.speak('en');
  return { rig, kiosk };
}

async function signIn({ rig, kiosk }: Scene): Promise<void> {
  await kiosk.tap('home-borrow');
  await kiosk.screen('card');
  await rig.scan(aino.card);
  await kiosk.typePin(aino.pin);
  await kiosk.screen('borrow');
}

/** What the library system did, each time. */
async function effects(rig: StationRig, effect: string): Promise<readonly string[]> {
  return (await rig.acs.ledger()).filter((entry) => entry.effect === effect).map(({ item }) => item);
}

/** What `omatoimi journal tags` says. */
async function tags(rig: StationRig, ...args: readonly string[]): Promise<string> {
  const lines: string[] = [];
  const terminal = {
    out: (line: string) => void lines.push(line),
    err: (line: string) => void lines.push(line),
    onStop: () => undefined,
  };
  await journalTags.run([...args, '--socket', stationSocketPath(rig.data)], terminal);
  return lines.join('\n');
}

describe.concurrent('a stack of books on the reader', stageTest, () => {
  test('each is lent, refused or sent to staff for itself, and the gate agrees', async ({ stage, table }) => {
    const now = await scene(stage, table);
    const { rig, kiosk } = now;
    const set = table.tagsOf({ item: books.brothers.item, parts: 3, owner: 'FI-Own' });
    const [main, second, third] = table.tagsOf({ item: books.kalevala.item, parts: 3, owner: 'FI-Own' });
    const onHold = table.tagsOf({ item: books.reserved.item, model: 'iso28560-2', owner: 'FI-Own' });
    const foreign = table.tagsOf({ item: books.hare.item, owner: 'FI-Other' });
    const inHouse = table.tagsOf({ item: readingRoom, owner: 'FI-Own' });
    const [locked] = table.tagsOf({ item: stubborn, model: 'rfid501' });
    if (main === undefined || second === undefined || third === undefined || locked === undefined)
      throw new Error('the books have tags');
    locked.trouble.writesRefused = true;
    await signIn(now);
    table.lay(...set, main, third, ...onHold, ...foreign, ...inHouse, locked);

    expect(await kiosk.rowWords(books.brothers.item, 'done', stackMsMax)).toContain('Done, take it.');
    expect(await kiosk.rowWords(books.kalevala.item, 'attention', stackMsMax)).toContain(
      '2 of 3 parts are on the reader.',
    );
    expect(await kiosk.rowWords(books.reserved.item, 'refused', stackMsMax)).toContain(
      'waiting for another customer',
    );
    expect(await kiosk.rowWords(books.hare.item, 'refused', stackMsMax)).toContain(
      'belongs to another library',
    );
    expect(await kiosk.rowWords(readingRoom, 'done', stackMsMax)).toContain('Its alarm stays on');
    const staff = 'its alarm could not be switched off. Show it to the staff';
    await until(
      'the stubborn one is for staff',
      async () => (await kiosk.rowWords(stubborn, 'attention', stackMsMax)).includes(staff),
      stackMsMax,
    );
    expect(gateSounds(set)).toBe(false);
    for (const others of [[main, third], onHold, foreign, inHouse, [locked]])
      expect(others.every((tag) => gateSounds([tag]))).toBe(true);

    // The missing part turns up.
    table.lay(second);
    expect(await kiosk.rowWords(books.kalevala.item, 'done', stackMsMax)).toContain('Done, take it.');
    expect(gateSounds([main, second, third])).toBe(false);
    expect([...(await effects(rig, 'checkout'))].toSorted()).toEqual(
      [books.brothers.item, books.kalevala.item, stubborn, readingRoom].toSorted(),
    );
    await kiosk.passes('finished', () => kiosk.tap('finish'));
    expect((await rig.status())['staffList']).toBe(1);
  });

  test('lifted too early it has to be put back; returned it is secured, or goes to the staff’s shelf', async ({
    stage,
    table,
  }) => {
    const now = await scene(stage, table);
    const { rig, kiosk } = now;
    const sinuhe = table.tagsOf({ item: books.sinuhe.item, owner: 'FI-Own' });
    const [cobblers] = table.tagsOf({ item: books.cobblers.item, owner: 'FI-Own', lent: true });
    const [tag] = sinuhe;
    if (tag === undefined || cobblers === undefined) throw new Error('the books have tags');
    await signIn(now);
    tag.trouble.leavesAfterWrite = true;
    table.lay(tag);
    await kiosk.byTestId('put-back').waitFor();
    await kiosk.page.getByText(books.sinuhe.title).first().waitFor();
    tag.trouble.leavesAfterWrite = false;
    table.lay(tag);
    expect(await kiosk.rowWords(books.sinuhe.item, 'done', stackMsMax)).toContain('Done, take it.');
    await kiosk.byTestId('put-back').waitFor({ state: 'detached' });
    expect(gateSounds(sinuhe)).toBe(false);
    table.lift(tag);
    await kiosk.tap('finish');
    await kiosk.screen('home');

    await kiosk.speak('en');
    await kiosk.tap('home-return');
    await kiosk.screen('return');
    cobblers.trouble.writesRefused = true;
    table.lay(tag, cobblers);
    expect(await kiosk.rowWords(books.sinuhe.item, 'done', stackMsMax)).toContain('Returned');
    const shelf = 'its alarm could not be switched on. Please put it on the staff’s shelf';
    await until('the other one is for staff', async () => (await kiosk.words()).includes(shelf), stackMsMax);
    expect(gateSounds(sinuhe)).toBe(true);
    expect(gateSounds([cobblers])).toBe(false);
    expect([...(await effects(rig, 'checkin'))].toSorted()).toEqual(
      [books.sinuhe.item, books.cobblers.item].toSorted(),
    );
    await kiosk.passes('finished', () => kiosk.tap('finish'));
    expect((await rig.status())['staffList']).toBe(1);
    const told = await tags(rig);
    expect(told).toContain(books.cobblers.item);
    expect(told).toContain('still off');
    const id = /^[0-9a-f]{32}/mu.exec(told)?.[0] ?? '';
    expect(await tags(rig, '--resolve', id)).toBe('It is off the staff list.');
    expect((await rig.status())['staffList']).toBe(0);
  });

  test('without the library system it is lent and freed by the station’s own rules, told later, and secured when it comes back', async ({
    stage,
    table,
  }) => {
    const rig = await stage.world({
      moreDevices: [table.device],
      config: {
        services: { borrow: { offline: { pin: 'not-asked', perPatron: 5, perOutage: 100 } } },
        collections: { owners: ['FI-Own'] },
        session: { finishedSeconds: 2, idleSeconds: 600 },
      },
    });
    await rig.acs.refuseConnections(true);
    await rig.startStation();
    const kiosk = await stage.kiosk(rig);
    await kiosk.mode('offline');
    await kiosk.speak('en');
    const [tag] = table.tagsOf({ item: books.sinuhe.item, owner: 'FI-Own' });
    if (tag === undefined) throw new Error('the book has a tag');
    await kiosk.tap('home-borrow');
    await kiosk.screen('card');
    await rig.scan(aino.card);
    await kiosk.screen('borrow');
    table.lay(tag);
    expect(await kiosk.rowWords(books.sinuhe.item, 'offline', stackMsMax)).toMatch(
      /Due .* for now.*may still change/,
    );
    await until('the gate is silent', async () => !gateSounds([tag]), stackMsMax);
    table.lift(tag);
    await kiosk.tap('finish');
    await kiosk.screen('home');
    expect(await effects(rig, 'checkout')).toEqual([]);

    await rig.acs.refuseConnections(false);
    await kiosk.mode('online', 60_000);
    await rig.settled(books.sinuhe.item, 'accepted');
    expect(await effects(rig, 'checkout')).toEqual([books.sinuhe.item]);
    expect(gateSounds([tag])).toBe(false);

    await kiosk.speak('en');
    await kiosk.tap('home-return');
    await kiosk.screen('return');
    table.lay(tag);
    expect(await kiosk.rowWords(books.sinuhe.item, 'done', stackMsMax)).toContain('Returned');
    expect(gateSounds([tag])).toBe(true);
    expect(await effects(rig, 'checkin')).toEqual([books.sinuhe.item]);
    expect((await rig.status())['staffList']).toBe(0);
  });
});
