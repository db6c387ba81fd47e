import type { AccountList, AccountPart, EntryDetails, ItemInformation, Outcome } from '../../ils/ils.ts';
import type { Account, AccountWant } from './state.ts';
import type { Turn } from './turn.ts';

/** What every account is made of. */
const lists: readonly AccountList[] = ['charged', 'holdsReady', 'holdsWaiting', 'fines'];
/** Asked for only where the first answer counts some. */
const rareLists: readonly AccountList[] = ['overdue', 'recalled'];

/** Titles of so many items are fetched; further ones stay numbers, and the account says that it is not whole. */
const titlesMax = 200;

/** Begins to fetch the account anew; titles that are known are kept until newer ones come. */
export function openAccount(turn: Turn): void {
  const known = turn.session()?.account?.items ?? new Map<string, ItemInformation>();
  turn.changeSession({
    account: {
      parts: new Map(),
      items: known,
      wanted: lists.map((list) => ({ what: 'list', list })),
      incomplete: false,
    },
  });
}

/** One answer of the account came: the next wish is made of it. */
export function accountTold(
  turn: Turn,
  want: AccountWant,
  reply:
    | { readonly kind: 'account'; readonly outcome: Outcome<AccountPart> }
    | { readonly kind: 'item'; readonly outcome: Outcome<ItemInformation> },
): void {
  const account = turn.session()?.account;
  if (account === undefined || !sameWant(account.wanted[0], want)) return;
  const rest = account.wanted.slice(1);
  if (reply.outcome.kind !== 'answered') {
    // A list that fails is missing; without a title the number stands.
    return changeAccount(turn, account, {
      wanted: rest,
      incomplete: account.incomplete || (want.what === 'list' && lists.includes(want.list)),
    });
  }
  if (want.what === 'list' && reply.kind === 'account' && reply.outcome.kind === 'answered') {
    return listTold(turn, account, want.list, reply.outcome.value, rest);
  }
  if (want.what === 'item' && reply.kind === 'item' && reply.outcome.kind === 'answered') {
    const items = new Map(account.items).set(want.item, reply.outcome.value);
    changeAccount(turn, account, { wanted: rest, items });
  }
}

function listTold(
  turn: Turn,
  account: Account,
  list: AccountList,
  part: AccountPart,
  rest: readonly AccountWant[],
): void {
  const parts = new Map(account.parts).set(list, part);
  const named = lists.includes(list) && list !== 'fines' ? part.entries : [];
  const titles = named
    .slice(0, titlesMax)
    .filter((item) => !tellsAll(part.details?.get(item), list))
    .map((item): AccountWant => ({ what: 'item', item }));
  const rare = list === 'charged' ? rareLists.filter((one) => (part.counts?.[one] ?? 0) > 0) : [];
  const more = rare.map((one): AccountWant => ({ what: 'list', list: one }));
  const incomplete =
    lists.includes(list) &&
    (!part.told || (part.count !== undefined && part.count !== part.entries.length && list !== 'fines'));
  changeAccount(turn, account, {
    parts,
    wanted: [...rest, ...more, ...titles],
    incomplete: account.incomplete || incomplete || named.length > titlesMax,
  });
  const patron = turn.session()?.patron;
  if (list !== 'charged' || patron === undefined) return;
  turn.changeSession({ patron: { ...patron, charged: new Set([...patron.charged, ...part.entries]) } });
}

/** Whether the entry itself told what its item would be asked for. */
function tellsAll(details: EntryDetails | undefined, list: AccountList): boolean {
  if (details?.title === undefined) return false;
  return list === 'charged' ? details.due !== undefined : true;
}

function sameWant(a: AccountWant | undefined, b: AccountWant): boolean {
  if (a === undefined || a.what !== b.what) return false;
  if (a.what === 'list') return b.what === 'list' && a.list === b.list;
  return b.what === 'item' && a.item === b.item;
}

function changeAccount(turn: Turn, account: Account, change: Partial<Account>): void {
  turn.changeSession({ account: { ...account, ...change } });
}
