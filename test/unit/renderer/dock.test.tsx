// @vitest-environment jsdom
import { act, cleanup, render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, describe, expect, test } from 'vitest';
import { Dock } from '../../../src/renderer/dock/dock.tsx';
import { finds } from '../../../src/renderer/dock/search.ts';
import type { DockServer, Told, WorldState } from '../../../src/renderer/dock/server.ts';
import { violations } from './axe.ts';

afterEach(cleanup);

const well: WorldState = {
  scanner: { plugged: true, manner: 'well' },
  acs: {
    up: true,
    connected: true,
    slow: false,
    silent: false,
    closed: false,
    refusesLogin: false,
    personality: 'standard',
    personalities: ['standard', 'koha'],
    faults: [],
  },
  printer: { plugged: true, paper: 'full', coverOpen: false, lines: [] },
  plate: { plugged: true, lies: [], bag: [], writesFail: false, flickers: false },
  card: { plugged: true },
  lamps: ['ready'],
  clockByMs: 0,
  station: { up: true, starts: 1 },
};

function openDock(changes: Partial<DockServer> = {}) {
  const done: unknown[] = [];
  const watchers: ((told: Told) => void)[] = [];
  const server: DockServer = {
    library: async () => ({
      patrons: [
        { card: '2210001', pin: '1234', name: 'Aino Esimerkki', sort: 'Ordinary', group: 'everyday' },
        { card: '2210002', name: 'Pekka Pinnitön', sort: 'Never set a PIN', group: 'special' },
      ],
      items: [
        { item: '4830001', title: 'Kalevala', author: 'Lönnrot', label: 'on hold', group: 'awaited' },
        { item: '4830002', title: 'Babička', label: 'Free', group: 'free' },
      ],
    }),
    scan: async (text) => void done.push(['scan', text]),
    manner: async (manner) => void done.push(['manner', manner]),
    turn: async (name, on) => void done.push([name, on]),
    fault: async (kind) => void done.push(['fault', kind]),
    personality: async (name) => void done.push(['personality', name]),
    plate: async (plateAct) => void done.push(['plate', plateAct]),
    card: async (cardAct) => void done.push(['card', cardAct]),
    tearOff: async () => void done.push(['tearOff']),
    clock: async (byMs) => void done.push(['clock', byMs]),
    killStation: async () => void done.push(['kill']),
    reset: async () => void done.push(['reset']),
    watch: (tell) => {
      watchers.push(tell);
      tell({ kind: 'state', state: well });
      return () => void watchers.splice(watchers.indexOf(tell), 1);
    },
    ...changes,
  };
  const { unmount } = render(<Dock server={server} />);
  const tell = (told: Told): void => act(() => watchers.forEach((watcher) => watcher(told)));
  return { done, tell, watchers, unmount, user: userEvent.setup() };
}

async function cardOf(card: string): Promise<HTMLElement> {
  await screen.findAllByTestId('dock-card');
  const found = screen.getAllByTestId('dock-card').find(({ dataset }) => dataset['card'] === card);
  if (found === undefined) throw new Error(`no card ${card}`);
  return found;
}

describe('the lamps and the card reader', () => {
  test('tell which lamp is lit, and a card is laid and taken', async () => {
    const { done, tell, user } = openDock();
    const lit = (): (string | undefined)[] =>
      ['ready', 'inUse', 'cardSlot'].map((name) => screen.getByTestId(`dock-lamp-${name}`).dataset['lit']);
    expect(lit()).toEqual(['true', 'false', 'false']);
    expect(screen.getByTestId('dock-lamp-ready').textContent).toContain('is lit');
    await user.click(screen.getByTestId('dock-card-to-reader'));
    await user.click(await cardOf('2210001'));
    expect(screen.queryByTestId('dock-card-take')).toBeNull();
    tell({
      kind: 'state',
      state: { ...well, card: { plugged: true, lies: '2210001' }, lamps: ['inUse', 'cardSlot'] },
    });
    expect(lit()).toEqual(['false', 'true', 'true']);
    await user.click(screen.getByTestId('dock-card-take'));
    await user.click(screen.getByTestId('dock-card-to-scanner'));
    await user.click(await cardOf('2210001'));
    expect(done).toEqual([
      ['card', { do: 'lay', card: '2210001' }],
      ['card', { do: 'take' }],
      ['scan', '2210001'],
    ]);
  });
});

describe('what to try first', () => {
  const at = Date.UTC(2026, 10, 22, 10);
  const words = (): string | null => screen.getByTestId('dock-try-words').textContent;
  const done = (): string[] =>
    ['borrow', 'receipt', 'gate', 'outage', 'lostAnswer', 'kill'].filter(
      (name) => screen.getByTestId(`dock-try-${name}`).dataset['done'] === 'true',
    );

  test('goes on by itself, as the demo tells what has been done', async () => {
    const { tell } = openDock();
    await cardOf('2210001');
    expect(done()).toEqual([]);
    expect(words()).toContain('Choose English and Borrow on the station.');
    const effect = { seq: 0, at, item: '4830001', card: '2210001', repeat: false, noBlock: false } as const;
    tell({ kind: 'ledger', entries: [{ ...effect, effect: 'checkin' }] });
    expect(done()).toEqual([]);
    tell({ kind: 'ledger', entries: [{ ...effect, effect: 'checkout' }] });
    expect(done()).toEqual(['borrow']);
    expect(words()).toContain('with a receipt');

    const line = { is: 'text', text: 'Kiitos!', bold: false, big: false, center: false } as const;
    tell({ kind: 'state', state: { ...well, printer: { ...well.printer, lines: [line] } } });
    tell({ kind: 'state', state: { ...well, plate: { ...well.plate, gate: { times: 1, rang: [] } } } });
    const row = { seq: 1, kind: 'checkin', item: '4830001', movedAt: at, attempts: 1 } as const;
    tell({ kind: 'journal', rows: [{ ...row, state: 'accepted' }] });
    expect(done()).toEqual(['borrow', 'receipt', 'gate']);
    tell({ kind: 'journal', rows: [{ ...row, state: 'waiting' }] });
    tell({ kind: 'wire', lines: [{ seq: 1, at, from: 'acs', line: '12 ok=1', fault: 'loseReply' }] });
    expect(words()).toContain('Kill the station');
    tell({ kind: 'state', state: { ...well, station: { up: true, starts: 2 } } });
    expect(done()).toHaveLength(6);
    expect(words()).toContain('That was all of it.');
    tell({ kind: 'cleared' });
    expect(done()).toEqual([]);
  });

  test('one that is chosen is shown until it is let go of', async () => {
    const { user } = openDock();
    await cardOf('2210001');
    await user.click(screen.getByRole('button', { name: 'Outage' }));
    expect(words()).toContain('Pull the network cable');
    await user.click(screen.getByRole('button', { name: 'Outage' }));
    expect(words()).toContain('Choose English and Borrow');
  });
});

test('where there is room for one of faults and happenings, it is chosen which', async () => {
  const { user } = openDock();
  await cardOf('2210001');
  const shown = (): string | undefined =>
    document.querySelector<HTMLElement>('.dock-bench')?.dataset['shown'];
  expect(shown()).toBe('live');
  await user.click(screen.getByTestId('dock-bench-faults'));
  expect(shown()).toBe('faults');
  expect(screen.getByTestId('dock-bench-faults').getAttribute('aria-pressed')).toBe('true');
});

describe('the wallet and the shelf', () => {
  test('cards and books are held under the scanner by pressing them', async () => {
    const { done, user } = openDock();
    const card = await cardOf('2210001');
    await user.click(card);
    const [first] = screen.getAllByTestId('dock-book');
    if (first === undefined) throw new Error('no book is on the shelf');
    await user.click(first);
    expect(done).toEqual([
      ['scan', '2210001'],
      ['scan', '4830002'],
    ]);
    expect(card.textContent).toContain('PIN 1234');
    expect(card.textContent).toContain('Ordinary');
    expect(card.getAttribute('aria-current')).toBe('true');
    expect((await cardOf('2210002')).textContent).toContain('no PIN');
  });

  test('are searched without caring for letters with marks', async () => {
    const { user } = openDock();
    await cardOf('2210001');
    await user.type(screen.getByRole('searchbox', { name: 'Search the shelf' }), 'babicka');
    expect(screen.getAllByTestId('dock-book').map(({ dataset }) => dataset['item'])).toEqual(['4830002']);
    await user.type(screen.getByRole('searchbox', { name: 'Search the cards' }), 'pinniton');
    expect(screen.getAllByTestId('dock-card').map(({ dataset }) => dataset['card'])).toEqual(['2210002']);
    await user.type(screen.getByRole('searchbox', { name: 'Search the cards' }), ' x');
    expect(screen.queryAllByTestId('dock-card')).toEqual([]);
    expect(screen.getByText('No such card.')).toBeDefined();
  });

  test.each([
    ['', 'Kalevala', true],
    ['lonnrot', 'Kalevala, Lönnrot', true],
    ['LÖNN kale', 'Kalevala, Lönnrot', true],
    ['kalevala x', 'Kalevala, Lönnrot', false],
    ['виш', 'Вишнёвый сад', true],
    ['红楼', '红楼梦', true],
  ])('“%s” in “%s”: %s', (search, text, found) => {
    expect(finds(search, text)).toBe(found);
  });

  test('a filter shows one group', async () => {
    const { user } = openDock();
    await cardOf('2210001');
    await user.click(screen.getByTestId('dock-filter-awaited'));
    expect(screen.getAllByTestId('dock-book').map(({ dataset }) => dataset['item'])).toEqual(['4830001']);
    expect(screen.getByTestId('dock-filter-awaited').getAttribute('aria-pressed')).toBe('true');
  });

  test('what a person has is as the library system tells it, and moves with it', async () => {
    const { tell, user } = openDock();
    await user.click(await cardOf('2210001'));
    const held = () =>
      within(screen.getByTestId('dock-held'))
        .queryAllByTestId('dock-book')
        .map(({ dataset }) => dataset['item']);
    expect(held()).toEqual([]);
    tell({ kind: 'loans', loans: [{ item: '4830002', card: '2210001', dueAt: 0 }] });
    expect(held()).toEqual(['4830002']);
    expect(within(screen.getByTestId('dock-held')).getByTestId('dock-book').textContent).toContain(
      'with Aino Esimerkki',
    );
    tell({ kind: 'loans', loans: [{ item: '4830002', card: '2210002', dueAt: 0 }] });
    expect(held()).toEqual([]);
  });
});

describe('the plate, the bag and the gate', () => {
  test('a pressed book goes on the plate, is taken, and the gate says what it thinks', async () => {
    const { done, tell, user } = openDock();
    await user.click(await screen.findByTestId('dock-to-plate'));
    const [book] = await screen.findAllByTestId('dock-book');
    if (book === undefined) throw new Error('no book');
    await user.click(book);
    expect(done).toEqual([['plate', { do: 'put', item: book.dataset['item'], whole: true }]]);
    const plate = { ...well.plate, lies: [{ item: '4830001', parts: 3, secured: 2 }] };
    tell({ kind: 'state', state: { ...well, plate } });
    expect(screen.getByTestId('dock-plate').textContent).toContain('2 of 3 secured');
    await user.click(screen.getByText('without one part'));
    await user.click(screen.getByTestId('dock-take'));
    expect(screen.getByTestId<HTMLButtonElement>('dock-walk-out').disabled).toBe(true);
    const bag = { ...well.plate, bag: [{ item: '4830001', parts: 1, secured: 1 }] };
    tell({ kind: 'state', state: { ...well, plate: bag } });
    await user.click(screen.getByTestId('dock-walk-out'));
    expect(done.slice(1)).toEqual([
      ['plate', { do: 'put', item: '4830001', whole: false }],
      ['plate', { do: 'take', item: '4830001' }],
      ['plate', { do: 'walkOut' }],
    ]);
    tell({
      kind: 'state',
      state: { ...well, plate: { ...well.plate, gate: { times: 1, rang: ['4830001'] } } },
    });
    expect(screen.getByTestId('dock-gate').textContent).toBe('The gate rang for Kalevala.');
  });
});

describe('the printer and the clock', () => {
  test('show the paper, tear it off, and turn the hands', async () => {
    const { done, tell, user } = openDock();
    await cardOf('2210001');
    await user.click(screen.getByTestId('dock-live-paper'));
    const line = { is: 'text', text: 'Kiitos!', bold: true, big: false, center: false } as const;
    const name = { ...line, text: '   Keksilä', bold: false, big: true };
    const lines = [name, line, { is: 'cut' } as const];
    tell({ kind: 'state', state: { ...well, printer: { ...well.printer, lines } } });
    expect(screen.getByText('Kiitos!').className).toBe('dock-bold');
    const big = screen.getByText('Keksilä', { selector: '.dock-big' });
    expect(big.textContent).toBe('Keksilä');
    expect(big.parentElement?.textContent).toBe('   Keksilä');
    await user.click(screen.getByTestId('dock-tear-off'));
    await user.click(screen.getByTestId('dock-switch-paper'));
    await user.click(screen.getByTestId('dock-clock-24'));
    expect(done).toEqual([['tearOff'], ['paper', false], ['clock', 86_400_000]]);
  });
});

describe('the switches', () => {
  test('ask for a turn, and show what the demo says and not what was asked', async () => {
    const { done, tell, user } = openDock();
    await cardOf('2210001');
    const cable = screen.getByRole('switch', { name: /Network cable/ });
    expect(cable.getAttribute('aria-checked')).toBe('true');
    await user.click(cable);
    expect(done).toEqual([['acs', false]]);
    expect(cable.getAttribute('aria-checked')).toBe('true');
    tell({ kind: 'state', state: { ...well, acs: { ...well.acs, connected: false } } });
    expect(cable.getAttribute('aria-checked')).toBe('false');
    expect(cable.textContent).toContain('pulled');
    await user.click(cable);
    await user.click(screen.getByTestId('dock-switch-acsSlow'));
    await user.click(screen.getByTestId('dock-switch-scanner'));
    expect(done.slice(1)).toEqual([
      ['acs', true],
      ['acsSlow', true],
      ['scanner', false],
    ]);
  });

  test('the library system becomes another one', async () => {
    const { done, tell, user } = openDock();
    await cardOf('2210001');
    tell({ kind: 'state', state: well });
    await user.selectOptions(screen.getByLabelText('speaks as'), 'koha');
    expect(done).toEqual([['personality', 'koha']]);
  });

  test('faults wait until they have happened, and can be taken back', async () => {
    const { done, tell, user } = openDock();
    await cardOf('2210001');
    expect(screen.queryByTestId('dock-fault-none')).toBeNull();
    await user.click(screen.getByTestId('dock-fault-loseReply'));
    tell({ kind: 'state', state: { ...well, acs: { ...well.acs, faults: ['loseReply'] } } });
    expect(screen.getByTestId('dock-fault-loseReply').getAttribute('aria-pressed')).toBe('true');
    await user.click(screen.getByTestId('dock-fault-none'));
    await user.click(screen.getByTestId('dock-manner-twice'));
    await user.click(screen.getByTestId('dock-kill'));
    await user.click(screen.getByTestId('dock-reset'));
    expect(done).toEqual([
      ['fault', 'loseReply'],
      ['fault', 'none'],
      ['manner', 'twice'],
      ['kill'],
      ['reset'],
    ]);
  });

  test('a station that is away cannot be killed again', async () => {
    const { tell } = openDock();
    await cardOf('2210001');
    tell({ kind: 'state', state: { ...well, station: { up: false, starts: 1 } } });
    expect(screen.getByTestId('dock-kill').hasAttribute('disabled')).toBe(true);
    expect(screen.getByTestId('dock-station').textContent).toBe('starts again …');
    tell({ kind: 'state', state: { ...well, station: { up: true, starts: 2 } } });
    expect(screen.getByTestId('dock-station').textContent).toBe('started 2 times');
  });

  test('what does not arrive is said, with the demo’s own words', async () => {
    const { user } = openDock({ turn: () => Promise.reject(new Error('it is being started')) });
    await cardOf('2210001');
    await user.click(screen.getByTestId('dock-switch-acs'));
    expect((await screen.findByRole('alert')).textContent).toBe('That did not arrive: it is being started.');
  });

  test('a demo that is gone is said, until it is back', async () => {
    const { tell } = openDock();
    await cardOf('2210001');
    tell({ kind: 'link', up: false });
    expect(screen.getByRole('alert').textContent).toContain('does not answer');
    tell({ kind: 'link', up: true });
    expect(screen.queryByRole('alert')).toBeNull();
  });
});

describe('what happens', () => {
  const at = Date.UTC(2026, 10, 22, 10);

  test('is shown in four views, newest first', async () => {
    const { tell, user } = openDock();
    await cardOf('2210001');
    const lines = () => screen.getByTestId('dock-lines').textContent;
    expect(lines()).toBe('Nothing yet.');
    tell({ kind: 'wire', lines: [{ seq: 0, at, from: 'station', line: '11 AA[14]' }] });
    tell({ kind: 'wire', lines: [{ seq: 1, at, from: 'acs', line: '12 ok=1', fault: 'loseReply' }] });
    expect(lines()).toMatch(/12 ok=1.*lost.*11 AA\[14\]/);

    await user.click(screen.getByTestId('dock-live-journal'));
    tell({
      kind: 'journal',
      rows: [
        {
          seq: 1,
          kind: 'checkout',
          state: 'accepted',
          item: '4830001',
          patron: '…0001',
          rule: 'asked',
          movedAt: at,
          attempts: 2,
        },
      ],
    });
    expect(lines()).toMatch(/checkout.*Kalevala, card …0001, tried 2 times.*accepted: asked/);

    await user.click(screen.getByTestId('dock-live-ledger'));
    const effect = { at, item: '4830002', card: '2210001', noBlock: false } as const;
    tell({ kind: 'ledger', entries: [{ ...effect, seq: 0, effect: 'checkout', repeat: true }] });
    expect(lines()).toMatch(/lent.*Babička, Aino Esimerkki.*a repeat/);

    await user.click(screen.getByTestId('dock-live-frames'));
    tell({
      kind: 'frames',
      frames: [
        { at, from: 'page', kind: 'intent', what: 'pinKey', epoch: 3, bytes: 90 },
        { at, from: 'station', kind: 'view', what: 'pin', revision: 12, epoch: 3, bytes: 900 },
      ],
    });
    expect(lines()).toMatch(/view pin, revision 12, epoch 3.*intent pinKey, epoch 3/);

    tell({ kind: 'cleared' });
    expect(lines()).toBe('Nothing yet.');
  });

  test('its views are changed by the arrow keys too', async () => {
    const { user } = openDock();
    await cardOf('2210001');
    await user.click(screen.getByTestId('dock-live-wire'));
    await user.keyboard('{ArrowLeft}');
    expect(screen.getByTestId('dock-live-frames').getAttribute('aria-selected')).toBe('true');
    await user.keyboard('{ArrowRight}{ArrowRight}');
    expect(document.activeElement).toBe(screen.getByTestId('dock-live-journal'));
    expect(screen.getByTestId('dock-lines').dataset['view']).toBe('journal');
  });

  test('keeps a bounded number of lines', async () => {
    const { tell } = openDock();
    await cardOf('2210001');
    const some = Array.from({ length: 150 }, (_, seq) => ({
      seq,
      at,
      from: 'acs' as const,
      line: `98 n=${seq}.`,
    }));
    tell({ kind: 'wire', lines: some });
    tell({ kind: 'wire', lines: some.map((line) => ({ ...line, seq: line.seq + 150 })) });
    const view = screen.getByTestId('dock-lines');
    expect(view.querySelectorAll('li')).toHaveLength(200);
  });

  test('is no longer watched when the dock has gone', () => {
    const { watchers, unmount } = openDock();
    expect(watchers).toHaveLength(1);
    unmount();
    expect(watchers).toEqual([]);
  });
});

test('has no violation that axe finds', async () => {
  document.documentElement.lang = 'en';
  document.title = 'Omatoimi: the dock';
  const { user } = openDock();
  await user.click(await cardOf('2210001'));
  document.querySelector('iframe')?.remove(); // it is a page of its own, tested as such
  expect(await violations()).toEqual([]);
});
