import type { Row } from '../../src/journal/rows.ts';
import type { View } from '../../src/shared/view.ts';
import type { Event } from '../../src/station/core/events.ts';
import { OpenTransactions } from '../../src/station/core/open-transactions.ts';
import type { OpenTransaction, State } from '../../src/station/core/state.ts';
import { step as rightStep, type Step } from '../../src/station/core/step.ts';
import type { TagWork } from '../../src/station/core/tag-state.ts';
import type { CoreSettings } from '../../src/station/settings.ts';
import type { LifeParts } from './life.ts';
import type { Stream } from './streams.ts';

/** Puts a bug into a station. The simulation has to find each of them, or it proves nothing. */
export type Plant = (parts: LifeParts, chance: Stream) => LifeParts;

type StepFunction = (state: State, event: Event, settings: CoreSettings) => Step;

const withStep =
  (make: (right: StepFunction) => StepFunction): Plant =>
  (parts) => ({ ...parts, step: make(rightStep) });

function changeOpen(state: State, change: (one: OpenTransaction) => OpenTransaction): State {
  return { ...state, open: OpenTransactions.of([...state.open.values()].map(change)) };
}

/** A lost reply: the request goes out again, and nobody asks what became of the first. */
const resendWithoutAsking = withStep((right) => (state, event, settings) => {
  const decided = right(state, event, settings);
  const blind = changeOpen(decided.state, (one) =>
    one.state === 'uncertain' && one.kind !== 'checkin' && one.asks === 0 && one.denials === 0
      ? { ...one, next: 'send' }
      : one,
  );
  return { ...decided, state: blind };
});

/** The screen first, the disk when there is time. */
const publishBeforeCommit: Plant = (parts) => {
  let late: Row[] = [];
  return {
    ...parts,
    journal: {
      ...parts.journal,
      commit: (rows) => {
        late.push(...rows);
        return { ok: true };
      },
    },
    publish: (view: View) => {
      parts.publish(view);
      const rows = late;
      late = [];
      if (rows.length > 0) parts.journal.commit(rows);
    },
  };
};

/** Timers are never stopped, and fire into whatever session is there. */
const survivingTimer = withStep((right) => (state, event, settings) => {
  const what = event.what.type === 'timer' ? { ...event.what, epoch: state.epoch } : event.what;
  const decided = right(state, { ...event, what }, settings);
  return { ...decided, effects: decided.effects.filter((effect) => effect.do !== 'cancelTimer') };
});

/** A checkout without an answer is "undone" by a checkin. */
const checkinAsUndo = withStep((right) => (state, event, settings) => {
  const decided = right(state, event, settings);
  const lost = [...decided.state.open.values()].filter(
    (one) =>
      one.kind === 'checkout' && one.state === 'uncertain' && state.open.get(one.id)?.state === 'intended',
  );
  const undo = lost.map((one, index) => ({
    do: 'call' as const,
    number: -1 - index,
    call: { kind: 'checkin' as const, item: one.item, at: event.at, offline: false },
  }));
  return { ...decided, effects: [...decided.effects, ...undo] };
});

/** What waits is taken from the wrong end. */
const rowsOutOfOrder = withStep((right) => (state, event, settings) => {
  const turned = (one: OpenTransaction): OpenTransaction => ({ ...one, seq: -one.seq });
  const reversed = changeOpen(state, turned);
  const decided = right(reversed, event, settings);
  if (decided.state === reversed) return { ...decided, state };
  // What was begun just now has its right number already.
  return { ...decided, state: changeOpen(decided.state, (one) => (one.seq < 0 ? turned(one) : one)) };
});

/** The next patron is spoken to in the language of the last. */
const languageStays = withStep((right) => (state, event, settings) => {
  const decided = right(state, event, settings);
  const { language } = state;
  const view = decided.view === undefined ? undefined : { ...decided.view, language };
  const ended = decided.state.epoch !== state.epoch;
  return ended ? { ...decided, state: { ...decided.state, language }, view } : decided;
});

/** Nobody overwrites the PIN. */
const pinStays = withStep((right) => (state, event, settings) => {
  const decided = right(state, event, settings);
  return { ...decided, effects: decided.effects.filter((effect) => effect.do !== 'pinClear') };
});

/** A return is not taken while the ACS is away, and nothing is said. */
const returnIgnored = withStep((right) => (state, event, settings) => {
  const away = state.link !== 'online' && !state.linkBlinks;
  const handedIn = state.session.phase === 'open' && state.session.service === 'return';
  if (event.what.type === 'scan' && away && handedIn)
    return { state, rows: [], effects: [], view: undefined };
  return right(state, event, settings);
});

/** A PIN is checked without being counted first. */
const pinNotCounted = withStep((right) => (state, event, settings) => {
  const decided = right(state, event, settings);
  return { ...decided, rows: decided.rows.filter((row) => row.row !== 'pinTried') };
});

/** Whatever was typed is kept for the next outage, right or wrong. */
const keepsAnyPin = withStep((right) => (state, event, settings) => {
  const { what } = event;
  const decided = right(state, event, settings);
  const { session } = state;
  const told = what.type === 'replied' && what.reply.kind === 'checkCustomership';
  if (!told || session.phase !== 'pin' || what.reply.outcome.kind !== 'answered') return decided;
  return { ...decided, effects: [{ do: 'pinEnrol', card: session.card }, ...decided.effects] };
});

/** A power cut gives new tries. */
const cutGivesTries: Plant = (parts) => ({ ...parts, journal: { ...parts.journal, pinTries: () => [] } });

/** A refusal is shown, and its rule is not noted. */
const refusalNotNoted = withStep((right) => (state, event, settings) => {
  const decided = right(state, event, settings);
  return { ...decided, rows: decided.rows.filter((row) => row.row !== 'refusal') };
});

/** The item is named where nothing personal belongs. */
const namesInClear: Plant = (parts) => ({
  ...parts,
  journal: {
    ...parts.journal,
    commit: (rows) => {
      const begun = rows.find((row) => row.row === 'begin');
      return parts.journal.commit(
        begun === undefined
          ? rows
          : [...rows, { row: 'refusal', rule: begun.item, source: 'station', at: begun.at }],
      );
    },
  },
});

/** What was open before the power cut is not looked for. */
const forgetsAtStart: Plant = (parts) => ({ ...parts, journal: { ...parts.journal, open: () => [] } });

/** No answer counts as a good one. */
const believesSilence = withStep((right) => (state, event, settings) => {
  const { what } = event;
  const silent =
    what.type === 'replied' && what.reply.kind === 'checkout' && what.reply.outcome.kind === 'unknown';
  if (!silent) return right(state, event, settings);
  const lent = {
    result: 'lent',
    renewal: false,
    title: undefined,
    due: undefined,
    desensitize: true,
    acsText: [],
  } as const;
  const reply = { kind: 'checkout', outcome: { kind: 'answered', value: lent } } as const;
  return right(state, { ...event, what: { ...what, reply } }, settings);
});

/** Returns and loans of an outage are told from two queues. */
const twoQueues = withStep((right) => (state, event, settings) => {
  const far = 1_000_000_000;
  const first = changeOpen(state, (one) =>
    one.state === 'waiting' && one.kind === 'checkin' ? { ...one, seq: one.seq - far } : one,
  );
  const decided = right(first, event, settings);
  if (decided.state === first) return { ...decided, state };
  const inOrder = changeOpen(decided.state, (one) => (one.seq < 0 ? { ...one, seq: one.seq + far } : one));
  return { ...decided, state: inOrder };
});

/** A loan by the station’s own rules is shown as if the library system had made it. */
const provisionalAsCertain = withStep((right) => (state, event, settings) => {
  const decided = right(state, event, settings);
  const screen = decided.view?.screen;
  if (decided.view === undefined || screen?.name !== 'borrow') return decided;
  const items = screen.items.map((row) =>
    row.state === 'offline' ? { ...row, state: 'done' as const } : row,
  );
  return { ...decided, view: { ...decided.view, screen: { ...screen, items } } };
});

/** What waits from an outage is sent again after a lost reply, and nobody asks. */
const waitingSentBlindly = withStep((right) => (state, event, settings) => {
  const decided = right(state, event, settings);
  const blind = changeOpen(decided.state, (one) =>
    one.state === 'waiting' && one.kind === 'checkout' && one.denials === 0 && one.refused === undefined
      ? { ...one, next: 'send' }
      : one,
  );
  return { ...decided, state: blind };
});

/** Whatever due date the library system gives, it is the one that was told. */
const otherDateUnsaid = withStep((right) => (state, event, settings) => {
  const trusting = changeOpen(state, (one) => ({ ...one, dueTold: undefined }));
  const decided = right(event.what.type === 'replied' ? trusting : state, event, settings);
  return decided.state === trusting ? { ...decided, state } : decided;
});

function bendTags(state: State, bend: (work: TagWork) => TagWork): State {
  if (state.tags.works.length === 0) return state;
  return { ...state, tags: { ...state.tags, works: state.tags.works.map(bend) } };
}

/** The security is lifted as soon as the item lies there. */
const liftsBeforeAnswer = withStep((right) => (state, event, settings) => {
  const eager = bendTags(state, (work) => (work.stage === 'planned' ? { ...work, stage: 'acting' } : work));
  return right(eager, event, settings);
});

/** The last part of a set is not waited for. */
const allButOnePart = withStep((right) => (state, event, settings) => {
  const hasty = bendTags(state, (work) => {
    const left = work.parts.filter((part) => part.state !== 'changed');
    if (work.stage !== 'acting' || work.parts.length === 1 || left.length !== 1) return work;
    return { ...work, parts: work.parts.map((part) => ({ ...part, state: 'changed' as const })) };
  });
  return right(hasty, event, settings);
});

/** A command that failed counts as one that was read back. */
const forgetsReadBack = withStep((right) => (state, event, settings) => {
  const { what } = event;
  const failed = what.type === 'tagReplied' && what.outcome.kind === 'failed';
  if (!failed) return right(state, event, settings);
  return right(state, { ...event, what: { ...what, outcome: { kind: 'done' } } }, settings);
});

/** What was read once is taken in, though it comes and goes. */
const takesInTheBag = withStep((right) => (state, event, settings) => {
  const { what } = event;
  if (what.type !== 'field') return right(state, event, settings);
  const tags = what.field.tags.map((tag) => (tag.reading === undefined ? tag : { ...tag, still: true }));
  return right(state, { ...event, what: { ...what, field: { ...what.field, tags } } }, settings);
});

/** Whose an item is does not count, only its number. */
const ownersIgnored: Plant = (parts) => {
  const { rfid } = parts.settings;
  if (rfid === undefined) return parts;
  return { ...parts, settings: { ...parts.settings, rfid: { ...rfid, owners: [] } } };
};

/** What was to be done to tags before the power cut is not looked for. */
const forgetsTagWork: Plant = (parts) => ({
  ...parts,
  journal: { ...parts.journal, tagWork: () => [] },
});

/** What is lent by its barcode is lent, and its lock is nobody’s business. */
const lockForgotten = withStep((right) => (state, event, settings) => {
  const decided = right(state, event, settings);
  const works = decided.state.tags.works.filter(({ parts }) => parts.length > 0);
  if (works.length === decided.state.tags.works.length) return decided;
  const rows = decided.rows.filter((row) => row.row !== 'tagBegin' || row.uids.length > 0);
  return { ...decided, rows, state: { ...decided.state, tags: { ...decided.state.tags, works } } };
});

/** “Yes” is “yes”. */
const believesAcceptance = withStep((right) => (state, event, settings) => {
  const decided = right(state, event, settings);
  const { abilities } = decided.state;
  if (!abilities.effectsShown) return decided;
  return { ...decided, state: { ...decided.state, abilities: { ...abilities, effectsShown: false } } };
});

/** That something was not done is told to staff, and the next “yes” is believed as before. */
const believesAgainAtOnce = withStep((right) => (state, event, settings) => {
  const decided = right(state, event, settings);
  const { acceptances } = decided.state;
  if (!acceptances.everyOne) return decided;
  return { ...decided, state: { ...decided.state, acceptances: { ...acceptances, everyOne: false } } };
});

/** What the library system said that it did, and does not show, goes out once more. */
const resendsWhatIsNotShown = withStep((right) => (state, event, settings) => {
  const { acceptances } = state;
  const { what } = event;
  const isTold = what.type === 'replied' && (what.reply.kind === 'account' || what.reply.kind === 'item');
  if (!isTold || !acceptances.everyOne) return right(state, event, settings);
  const isToBeSent = (one: OpenTransaction): boolean => one.state === 'uncertain' && one.denials > 0;
  const forgetful = changeOpen(state, (one) => (isToBeSent(one) ? { ...one, answer: undefined } : one));
  const decided = right({ ...forgetful, acceptances: { ...acceptances, everyOne: false } }, event, settings);
  return {
    ...decided,
    state: { ...decided.state, acceptances: { ...decided.state.acceptances, everyOne: true } },
  };
});

/** By name: what each bug is, and which assertion of the design it must break. */
export const plants = {
  resendWithoutAsking: { plant: resendWithoutAsking, breaks: [2] },
  publishBeforeCommit: { plant: publishBeforeCommit, breaks: [1] },
  survivingTimer: { plant: survivingTimer, breaks: [7] },
  checkinAsUndo: { plant: checkinAsUndo, breaks: [2] },
  languageStays: { plant: languageStays, breaks: [7] },
  pinStays: { plant: pinStays, breaks: [6] },
  returnIgnored: { plant: returnIgnored, breaks: [5] },
  pinNotCounted: { plant: pinNotCounted, breaks: [6] },
  keepsAnyPin: { plant: keepsAnyPin, breaks: [6] },
  cutGivesTries: { plant: cutGivesTries, breaks: [6] },
  refusalNotNoted: { plant: refusalNotNoted, breaks: [8] },
  namesInClear: { plant: namesInClear, breaks: [9] },
  forgetsAtStart: { plant: forgetsAtStart, breaks: [2] },
  believesSilence: { plant: believesSilence, breaks: [2] },
  rowsOutOfOrder: { plant: rowsOutOfOrder, breaks: [3] },
  twoQueues: { plant: twoQueues, breaks: [3] },
  provisionalAsCertain: { plant: provisionalAsCertain, breaks: [1] },
  waitingSentBlindly: { plant: waitingSentBlindly, breaks: [2] },
  liftsBeforeAnswer: { plant: liftsBeforeAnswer, breaks: [4] },
  allButOnePart: { plant: allButOnePart, breaks: [4] },
  forgetsReadBack: { plant: forgetsReadBack, breaks: [4] },
  takesInTheBag: { plant: takesInTheBag, breaks: [4] },
  ownersIgnored: { plant: ownersIgnored, breaks: [4] },
  forgetsTagWork: { plant: forgetsTagWork, breaks: [4] },
  otherDateUnsaid: { plant: otherDateUnsaid, breaks: [2] },
  lockForgotten: { plant: lockForgotten, breaks: [4] },
  believesAcceptance: { plant: believesAcceptance, breaks: [2] },
  resendsWhatIsNotShown: { plant: resendsWhatIsNotShown, breaks: [2] },
  believesAgainAtOnce: { plant: believesAgainAtOnce, breaks: [2] },
} as const satisfies Record<string, { plant: Plant; breaks: readonly number[] }>;

export type PlantName = keyof typeof plants;

export function isPlantName(name: string): name is PlantName {
  return name in plants;
}
