import { describe, expect } from 'vitest';
import { books, people } from '../support/example-library.ts';
import type { Kiosk } from '../support/kiosk.ts';
import { stageTest, test } from '../support/on-stage.ts';
import { until } from '../support/until.ts';

const { aino } = people;

/** Keys of a scanner come this close together, whenever the browser gets to hear them. */
const gapMs = 8;
/** How long a scan may take to be seen before it is held under the scanner again. */
const seenMsMax = 5_000;

/** A scanner that types: the browser is told when each key was pressed, so that a busy machine changes nothing. */
async function typeScan(
  kiosk: Kiosk,
  label: string,
  ...first: { key: string; modifiers: number }[]
): Promise<void> {
  const session = await kiosk.page.context().newCDPSession(kiosk.page);
  const keys = [
    ...first,
    ...[...label].map((key) => ({ key, modifiers: 0 })),
    { key: 'Enter', modifiers: 0 },
  ];
  const startedAt = Date.now() / 1_000;
  await Promise.all(
    keys.flatMap(({ key, modifiers }, index) => {
      const event = { key, modifiers, timestamp: startedAt + (index * gapMs) / 1_000 };
      const text = modifiers === 0 && key.length === 1 ? key : '';
      return [
        session.send('Input.dispatchKeyEvent', {
          ...event,
          type: 'keyDown',
          ...(text === '' ? {} : { text }),
        }),
        session.send('Input.dispatchKeyEvent', { ...event, type: 'keyUp' }),
      ];
    }),
  );
  await session.detach();
}

/** A patron holds the label there until something happens. */
async function scanUntil(kiosk: Kiosk, label: string, happened: () => Promise<unknown>): Promise<void> {
  await until(`the scan of ${label} is seen`, async () => {
    await typeScan(kiosk, label);
    return happened().then(() => true);
  });
}

describe.concurrent('a scanner that types', stageTest, () => {
  test('borrows, while a person types the PIN on a keyboard beside it', async ({ stage }) => {
    const devices = [{ kind: 'barcode-scanner', driver: 'wedge', gapMsMax: 40, doubleScanMs: 0 }];
    const { rig, kiosk } = await stage.both({ config: { devices } });
    await kiosk.mode('online');
    await kiosk.tap('home-borrow');
    await kiosk.screen('card');
    await kiosk.byTestId('card-number-entry').focus();
    const pin = kiosk.page.locator('html[data-screen="pin"]');
    await scanUntil(kiosk, aino.card, () => pin.waitFor({ state: 'attached', timeout: seenMsMax }));
    for (const key of [...aino.pin, 'Enter']) await kiosk.page.keyboard.press(key);
    await kiosk.screen('borrow');
    const { item } = books.brothers;
    await scanUntil(kiosk, item, () => kiosk.row(item).waitFor({ timeout: seenMsMax }));
    await kiosk.rowWords(item, 'done');
    expect((await rig.acs.ledger()).map((entry) => entry.item)).toContain(item);
    expect(kiosk.complaints).toEqual([]);
  });

  test('with a label full of shortcuts goes nowhere, and a person can still type a number', async ({
    stage,
  }) => {
    const devices = [{ kind: 'barcode-scanner', driver: 'wedge', gapMsMax: 40 }];
    const { kiosk } = await stage.both({ config: { devices } });
    await kiosk.mode('online');
    await kiosk.tap('home-borrow');
    await kiosk.screen('card');
    const address = kiosk.page.url();
    const ctrl = 2;
    for (const key of ['f', 'p', 's', 'o', 'h', 'j'])
      await typeScan(kiosk, '1234567', { key, modifiers: ctrl });
    for (const key of ['F5', 'F11', 'Escape', 'BrowserBack'])
      await typeScan(kiosk, '1234567', { key, modifiers: 0 });
    const field = kiosk.byTestId('card-number-entry');
    await field.focus();
    await field.fill('');
    for (const key of aino.card) await kiosk.page.keyboard.press(key, { delay: 60 });
    await until('the number stands there', async () => (await field.inputValue()) === aino.card);
    await kiosk.page.keyboard.press('Enter');
    await kiosk.screen('pin');
    expect(kiosk.page.url()).toBe(address);
  });
});
