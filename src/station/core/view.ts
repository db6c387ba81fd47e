import { unreachable } from '../../kernel/assert.ts';
import type { UtcMillis } from '../../kernel/clock.ts';
import type { Message } from '../../shared/message.ts';
import type { MessageKey } from '../../strings/keys.ts';
import {
  contractVersion,
  type Screen,
  type Service,
  type ServiceChoice,
  type View,
} from '../../shared/view.ts';
import type { CoreSettings } from '../settings.ts';
import { maybe } from './maybe.ts';
import { shownReceipt } from './receipt.ts';
import { isNear } from './reach.ts';
import type { OpenSession, State } from './state.ts';
import { accountScreen } from './view-account.ts';
import { placingOf, questionOf } from './view-holds.ts';
import { countsOf, itemRow } from './view-rows.ts';
import { putBack, readerCount } from './view-tags.ts';

const allServices: readonly Service[] = ['borrow', 'return', 'account'];

/** What the page shows of a state. */
export function viewOf(state: State, settings: CoreSettings, at: UtcMillis): View {
  const session = state.session.phase === 'open' ? state.session : undefined;
  const view: Writable<View> = {
    contract: contractVersion,
    revision: state.revision,
    epoch: state.epoch,
    language: state.language,
    theme: state.theme,
    library: settings.library,
    status: statusOf(state, settings),
    screen: screenOf(state, settings, at),
    goTo: goToOf(session, settings),
    signedIn: session?.patron !== undefined,
    canFinish: session !== undefined && !session.finishing,
  };
  const receipt = receiptOffer(session, settings);
  if (receipt !== undefined) view.receipt = receipt;
  if (state.notice !== undefined) view.notice = state.notice;
  if (settings.wedge !== undefined) view.wedge = settings.wedge;
  if (isLeft(state)) view.cardLeft = true;
  const reader = readerCount(state, settings);
  if (reader !== undefined) view.reader = reader;
  const lifted = putBack(session);
  if (lifted !== undefined) view.putBack = lifted;
  const question = questionOf(session, settings);
  if (question !== undefined) view.question = question;
  if (state.secondsLeft !== undefined) view.stillThere = { secondsLeft: state.secondsLeft };
  return view;
}

/** While it is being made: a view goes out with each event, and optional fields that are spread cost more than the rest of it. */
type Writable<T> = { -readonly [K in keyof T]: T[K] };

function receiptOffer(session: OpenSession | undefined, settings: CoreSettings): View['receipt'] {
  if (session === undefined || session.finishing || session.rows.length === 0) return undefined;
  if (settings.receipt === undefined) return undefined;
  return settings.receipt.titles === 'ask' ? 'asked' : 'asItIs';
}

const nowhere: readonly Service[] = [];

function goToOf(session: OpenSession | undefined, settings: CoreSettings): readonly Service[] {
  if (session?.patron === undefined) return nowhere;
  const rests = session.patron.identifiedBy === 'station' ? 'account' : undefined;
  return allServices.filter(
    (service) => service !== rests && settings.services[service] && service !== session.service,
  );
}

/** A card lies in the reader, and nobody is at the station with it. */
function isLeft({ cardInReader, session }: State): boolean {
  return cardInReader && (session.phase === 'home' || session.phase === 'finished');
}

const allWell: View['status'] = { mode: 'online' };

function statusOf(state: State, settings: CoreSettings): View['status'] {
  // Out of service: that screen says all, and nothing works as usual.
  if (state.disk === 'broken') return { mode: 'degraded' };
  if (!isNear(state)) {
    return { mode: 'offline', message: awayMessage(state, settings) };
  }
  if (state.disk === 'full') {
    const key = settings.services.return ? 'status.noSpace' : 'status.noLending';
    return { mode: 'degraded', message: { key } };
  }
  if (settings.rfid !== undefined && !state.tags.ready)
    return { mode: 'degraded', message: { key: 'status.readerAway' } };
  if (!state.scannerReady) return { mode: 'degraded', message: { key: 'status.scannerAway' } };
  if (state.link === 'slow') return { mode: 'degraded', message: { key: 'status.slow' } };
  if (state.session.phase === 'home' && isLeft(state))
    return { mode: 'online', message: { key: 'status.cardLeft' } };
  return allWell;
}

/** Returns are promised only where they are taken without the library system. */
function awayMessage(state: State, settings: CoreSettings): Message {
  const takesBack = settings.services.return && settings.services.returnOffline;
  if (lendsAlone(state, settings)) return { key: takesBack ? 'status.onItsOwn' : 'status.lendsOnly' };
  if (takesBack || state.link === 'connecting') return linkMessage(state);
  return { key: 'status.noReturns' };
}

const linkKeys: Readonly<Record<State['link'], MessageKey>> = {
  online: 'status.online',
  slow: 'status.slow',
  connecting: 'status.connecting',
  unreachable: 'status.offline',
  closed: 'status.closed',
  plannedDown: 'status.plannedDown',
  loginRefused: 'status.loginRefused',
  terminalRefused: 'status.terminalRefused',
  certificateRefused: 'status.certificateRefused',
};

function linkMessage(state: State): Message {
  const time = state.linkUntil;
  if (state.link !== 'plannedDown' || time === undefined) return { key: linkKeys[state.link] };
  return { key: 'status.plannedDownUntil', params: { time: { time } } };
}

/** Lends while the library system is away. */
function lendsAlone(state: State, settings: CoreSettings): boolean {
  return settings.offline !== undefined && settings.services.borrow && state.disk === 'fine';
}

const works: Readonly<Record<Service, ServiceChoice>> = {
  borrow: { service: 'borrow', available: true },
  return: { service: 'return', available: true },
  account: { service: 'account', available: true },
};

function choicesOf(state: State, settings: CoreSettings): readonly ServiceChoice[] {
  return allServices
    .filter((service) => settings.services[service])
    .map((service) => {
      const rests = restOf(state, settings, service);
      return rests === undefined ? works[service] : { service, available: false, message: { key: rests } };
    });
}

function restOf(state: State, settings: CoreSettings, service: Service): MessageKey | undefined {
  if (state.disk === 'broken') return 'service.resting.journal';
  if (state.disk === 'full' && service === 'borrow') return 'service.resting.space';
  if (isNear(state) || (service === 'return' && settings.services.returnOffline)) return undefined;
  if (service === 'borrow' && lendsAlone(state, settings)) return undefined;
  return 'service.resting.acs';
}

function screenOf(state: State, settings: CoreSettings, at: UtcMillis): Screen {
  const { session } = state;
  if (state.disk === 'broken') {
    return {
      name: 'outOfService',
      cause: { key: 'oos.journal.cause' },
      next: { key: 'oos.journal.next' },
      services: [],
    };
  }
  switch (session.phase) {
    case 'home':
      return { name: 'home', services: choicesOf(state, settings) };
    case 'card':
      return { name: 'card', service: session.service, ...maybe('refusal', session.refusal) };
    case 'pin':
      return {
        name: 'pin',
        service: session.service,
        format: settings.pin.format,
        ...maybe('length', settings.pin.length),
        entered: session.entered,
        checking: session.check !== 'none',
        ...maybe('refusal', session.refusal),
      };
    case 'open':
      return openScreen(session, state, settings, at);
    case 'refused':
      return {
        name: 'refusal',
        refusal: session.refusal,
        stillOpen: choicesOf(state, settings)
          .filter((choice) => choice.available && choice.service === 'return')
          .map((choice) => choice.service),
      };
    case 'finished':
      return {
        name: 'finished',
        lent: session.lent,
        returned: session.returned,
        renewed: session.renewed,
        unsettled: session.unsettled,
        ...(session.provisional === 0 ? {} : { provisional: session.provisional }),
        ...maybe('receipt', shownReceipt(session.receipt)),
      };
    default:
      return unreachable(session);
  }
}

function openScreen(session: OpenSession, state: State, settings: CoreSettings, at: UtcMillis): Screen {
  switch (session.service) {
    case 'borrow': {
      const rows = session.rows.filter((row) => row.kind === 'checkout' || row.kind === 'renew');
      return {
        name: 'borrow',
        items: rows.map((row) => {
          const hold = placingOf(session, row, state, settings);
          return hold === undefined ? itemRow(row) : { ...itemRow(row), hold };
        }),
        counts: countsOf(rows),
        ...maybe('refusal', session.borrowRefusal),
      };
    }
    case 'return': {
      const rows = session.rows.filter((row) => row.kind === 'checkin');
      return {
        name: 'return',
        items: rows.map(itemRow),
        counts: countsOf(rows),
        signedIn: session.patron !== undefined,
      };
    }
    case 'account':
      return accountScreen(session, state, settings, settings.localDate(at));
    default:
      return unreachable(session.service);
  }
}
