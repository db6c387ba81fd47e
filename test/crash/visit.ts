import type { IntentAct } from '../../src/shared/intent.ts';
import type { View } from '../../src/shared/view.ts';
import { pin } from './library.ts';
import type { Visit } from './shelf.ts';
import type { SocketPage } from './socket-page.ts';
import type { Plan } from './verdict.ts';

/** What a patron does with their hands. */
export interface Hands {
  scan(text: string): Promise<void>;
  lay(item: string): void;
  /** Takes everything off the reader; undefined: leaves it there until all is over. */
  readonly takeAway: (() => void) | undefined;
}

/** A patron does what they came for, as far as the station lets them. */
export async function goThrough(page: SocketPage, visit: Visit, hands: Hands): Promise<void> {
  const { service, card, plans, outage } = visit;
  await page.screen('home');
  if (outage) await page.sees('the outage is noticed', ({ status }) => status.mode === 'offline');
  page.do({ do: 'chooseService', service });
  await page.sees('the service opens', ({ screen }) => screen.name !== 'home' || !isOpen(screen, service));
  if (service !== 'return' && !(await signIn(page, card, hands))) return;
  if (page.view?.screen.name !== service) return;
  if (service === 'account') return cancelHolds(page, plans);
  for (const { item } of plans) {
    if (visit.byPlate) hands.lay(item);
    else await hands.scan(item);
    await page.sees(
      'the item shows',
      (view) => rowsOf(view).some((row) => row.item === item) || view.screen.name !== service,
    );
  }
  if (visit.byPlate) hands.takeAway?.();
  await page.sees('each has its verdict', (view) => {
    // What was lifted too early is not put back.
    if (hands.takeAway !== undefined && (view.putBack ?? []).length > 0) page.do({ do: 'dismiss' });
    return view.screen.name !== service || isDecided(view, plans);
  });
  for (const plan of plans) if (plan.act === 'hold') await placeHold(page, plan.item);
}

function isOpen(screen: Extract<View['screen'], { name: 'home' }>, service: Visit['service']): boolean {
  return screen.services.some((one) => one.service === service && one.available);
}

/** False: the station did not let them in. */
async function signIn(page: SocketPage, card: string, { scan }: Hands): Promise<boolean> {
  await page.sees('the card is asked for', ({ screen }) => isOneOf(screen.name, ['card', 'refusal']));
  if (page.view?.screen.name === 'refusal') return false;
  await scan(`${card}`);
  const { screen } = await page.sees('the card was read', ({ screen: { name } }) => name !== 'card');
  if (screen.name !== 'pin') return true;
  for (const key of pin) page.do({ do: 'pinKey', key });
  page.do({ do: 'pinEnter' });
  await page.sees(
    'the PIN was checked',
    (view) => view.screen.name !== 'pin' || view.screen.refusal !== undefined,
  );
  return true;
}

async function placeHold(page: SocketPage, item: string): Promise<void> {
  const holdOf = (view: View | undefined) =>
    view === undefined ? undefined : rowsOf(view).find((row) => row.item === item)?.hold;
  if (holdOf(page.view)?.state !== 'possible') return;
  await meant(page, { do: 'askPlaceHold', item });
  await page.sees('the hold has its verdict', (view) => {
    const state = holdOf(view)?.state;
    return view.screen.name !== 'borrow' || (state !== 'pending' && state !== 'possible');
  });
}

async function cancelHolds(page: SocketPage, plans: readonly Plan[]): Promise<void> {
  const loaded = await page.sees(
    'the account is there',
    ({ screen }) => screen.name !== 'account' || !screen.loading,
  );
  for (const { item } of plans) {
    const cancelOf = ({ screen }: View) =>
      screen.name === 'account' ? screen.holds.find((hold) => hold.item === item)?.cancel?.state : undefined;
    if (cancelOf(loaded) !== 'possible') continue;
    await meant(page, { do: 'askCancelHold', item });
    await page.sees('giving it up has its verdict', (view) => {
      const state = cancelOf(view);
      return view.screen.name !== 'account' || (state !== 'pending' && state !== 'possible');
    });
  }
}

/** Says what is wanted, and yes to the question. */
async function meant(page: SocketPage, act: IntentAct): Promise<void> {
  page.do(act);
  await page.sees('it is asked', ({ question }) => question !== undefined);
  page.do({ do: 'answer', yes: true });
  await page.sees('it is answered', ({ question }) => question === undefined);
}

function isDecided(view: View, plans: readonly Plan[]): boolean {
  const rows = rowsOf(view);
  return plans.every(({ item }) => {
    const state = rows.find((row) => row.item === item)?.state;
    return state !== 'reading' && state !== 'pending';
  });
}

export function rowsOf({ screen }: View) {
  return screen.name === 'borrow' || screen.name === 'return' ? screen.items : [];
}

const isOneOf = (name: string, names: readonly string[]): boolean => names.includes(name);

export async function goHome(page: SocketPage): Promise<void> {
  await page.sees('home', ({ screen, putBack = [] }) => {
    if (screen.name === 'home') return true;
    if (putBack.length > 0) page.do({ do: 'dismiss' });
    else if (screen.name !== 'finished') page.do({ do: 'leave' });
    return false;
  });
}
