import { describe, expect } from 'vitest';
import { people } from '../support/example-library.ts';
import type { Kiosk } from '../support/kiosk.ts';
import { stageTest, test } from '../support/on-stage.ts';
import type { StationRig } from '../support/station-rig.ts';

const { aino, sven, kaarina } = people;

function limits(attempts: Readonly<Record<string, number>>) {
  return { tapped: true, config: { patron: { pin: { attempts } } } };
}

async function giveCard(rig: StationRig, kiosk: Kiosk, card: string): Promise<void> {
  await kiosk.mode('online');
  await kiosk.tap('home-borrow');
  await kiosk.screen('card');
  await rig.scan(card);
  await kiosk.screen('pin');
}

/** How many PINs were put to the library system. */
function asked(rig: StationRig): number {
  return rig.tap.of('63').filter((line) => /\|AD[^|]/.test(line)).length;
}

describe.concurrent('wrong PINs', stageTest, () => {
  test('are counted and lock the card, also over kill -9 and a new start', async ({ stage }) => {
    const rig = await stage.station(limits({ perCard: 3, perStation: 10, windowMinutes: 60 }));
    const kiosk = await stage.kiosk(rig);
    await kiosk.mode('online');
    await kiosk.speak('en');
    await giveCard(rig, kiosk, aino.card);
    await kiosk.typePin('9999');
    expect(await kiosk.refusal('pin.wrong')).toContain('You can try 2 more times.');

    // A dead station forgets nothing.
    await kiosk.passes('oneMoment', () => rig.killStation());
    await kiosk.screen('home');
    await kiosk.speak('en');
    await giveCard(rig, kiosk, aino.card);
    await kiosk.typePin('9998');
    expect(await kiosk.refusal('pin.wrong')).toContain('You can try once more.');
    await kiosk.typePin('9997');
    await kiosk.screen('refusal');
    await kiosk.refusal('pin.lockedCard');
    expect(await kiosk.words()).toContain('The PIN of this card was wrong too many times.');
    expect(asked(rig)).toBe(3);

    await rig.powerCut();
    await rig.startStation();
    const next = await stage.kiosk(rig);
    await giveCard(rig, next, aino.card);
    await next.typePin(aino.pin);
    await next.screen('refusal');
    await next.refusal('pin.lockedCard');
    // The right PIN was not even put to the library system.
    expect(asked(rig)).toBe(3);

    // Another card is not to blame.
    await next.tap('dismiss');
    await next.screen('home');
    await giveCard(rig, next, sven.card);
    await next.typePin(sven.pin);
    await next.screen('borrow');
  });

  test('of any card lock the station for a while, and returns go on', async ({ stage }) => {
    const { rig, kiosk } = await stage.both(limits({ perCard: 5, perStation: 2, windowMinutes: 60 }));
    for (const card of [aino.card, sven.card]) {
      await giveCard(rig, kiosk, card);
      await kiosk.typePin('9999');
      await kiosk.byTestId('refusal').waitFor();
      if (card === sven.card) break;
      await kiosk.tap('leave');
      await kiosk.screen('home');
    }
    await kiosk.refusal('pin.lockedStation');
    await kiosk.tap('dismiss');
    await kiosk.screen('home');
    await giveCard(rig, kiosk, kaarina.card);
    await kiosk.typePin(kaarina.pin);
    await kiosk.refusal('pin.lockedStation');
    expect(asked(rig)).toBe(2);
    await kiosk.tap('goto-return');
    await kiosk.screen('return');
  });

  test('a right one forgives those before it', async ({ stage }) => {
    const { rig, kiosk } = await stage.both(limits({ perCard: 2 }));
    for (let visit = 0; visit < 2; visit++) {
      await giveCard(rig, kiosk, aino.card);
      await kiosk.typePin('0000');
      await kiosk.refusal('pin.wrong');
      await kiosk.typePin(aino.pin);
      await kiosk.screen('borrow');
      await kiosk.tap('finish');
      await kiosk.screen('home');
    }
    expect(asked(rig)).toBe(4);
  });
});
