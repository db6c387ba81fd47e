import type { Receipt } from '../../shared/receipt.ts';
import type { ItemRow, LoanRow, Refusal, Screen, ServiceChoice, View } from '../../shared/view.ts';

/** Every screen in the states that differ to the eye: what the gallery pictures and the tests of the page look at. */
export interface Example {
  readonly name: string;
  /** Without one the page stands alone: no station yet, one that was there before, or one of another version. */
  readonly view: View | 'noStation' | 'lostStation' | 'strangeStation';
}

const quiet: Omit<View, 'screen'> = {
  contract: 1,
  revision: 41,
  epoch: 7,
  language: 'fi',
  theme: 'light',
  library: {
    name: {
      fi: 'Esimerkkikirjasto',
      sv: 'Exempelbiblioteket',
      cs: 'Ukázková knihovna',
      en: 'Example Library',
    },
    languages: ['fi', 'sv', 'cs', 'en'],
  },
  status: { mode: 'online' },
  goTo: [],
  signedIn: false,
  canFinish: false,
};

const day = (date: string) => ({ due: { kind: 'day', date } }) as const;

const open: readonly ServiceChoice[] = [
  { service: 'borrow', available: true },
  { service: 'return', available: true },
  { service: 'account', available: true },
];

const resting: readonly ServiceChoice[] = [
  { service: 'borrow', available: false, message: { key: 'service.resting.acs' } },
  { service: 'return', available: true },
  { service: 'account', available: false, message: { key: 'service.resting.acs' } },
];

const onHold: Refusal = {
  rule: 'item.onHoldForAnother',
  source: 'acs',
  cause: { key: 'cause.item.onHoldForAnother' },
  next: { key: 'next.item.leaveOnShelf' },
  acsText: [{ acs: 'Item on hold for another patron.' }],
};

const stackRows: readonly ItemRow[] = [
  {
    id: 's3',
    item: '30095003',
    title: 'Muumipapan urotyöt',
    state: 'pending',
    message: { key: 'row.tag.goingOff' },
  },
  {
    id: 's2',
    item: '30095002',
    title: 'Tuntematon sotilas: äänikirja',
    state: 'attention',
    message: { key: 'row.tag.partsMissing', params: { here: 2, of: 3 } },
    refusal: {
      rule: 'set.incomplete',
      source: 'station',
      cause: { key: 'cause.set.incomplete' },
      next: { key: 'next.set.incomplete' },
      acsText: [],
    },
  },
  {
    id: 's1',
    item: '30095001',
    title: 'Täällä Pohjantähden alla',
    state: 'done',
    message: { key: 'row.tag.free', params: { due: { due: { kind: 'day', date: '2026-12-18' } } } },
  },
];

const unseenRows: readonly ItemRow[] = [
  {
    id: 's5',
    item: '30095005',
    title: 'Osudy dobrého vojáka Švejka za světové války',
    state: 'attention',
    message: { key: 'row.tag.unseen', params: { due: { due: { kind: 'day', date: '2026-12-18' } } } },
  },
  {
    id: 's4',
    item: '30095004',
    title: 'Kauas pilvet karkaavat',
    state: 'attention',
    message: { key: 'row.tag.unseen', params: { due: { due: { kind: 'day', date: '2026-11-27' } } } },
  },
];

const owesMoney: Refusal = {
  rule: 'patron.excessiveOutstandingFees',
  source: 'acs',
  cause: { key: 'cause.patron.excessiveOutstandingFees' },
  next: { key: 'next.patron.pay' },
  stillWorks: { key: 'stillWorks.all' },
  acsText: [{ acs: 'Maksuja 34,50 EUR.' }],
};

const wrongPin: Refusal = {
  rule: 'pin.wrong',
  source: 'acs',
  cause: { key: 'cause.pin.wrong' },
  next: { key: 'next.pin.wrong', params: { count: 2 } },
  acsText: [],
};

const lockedCard: Refusal = {
  rule: 'pin.lockedCard',
  source: 'station',
  cause: { key: 'cause.pin.lockedCard' },
  next: { key: 'next.pin.locked', params: { count: 5 } },
  stillWorks: { key: 'stillWorks.return' },
  acsText: [],
};

const longTitle =
  'Välimeren keittiöt ja vanhojen satamakaupunkien torit: reseptejä, tarinoita ja kuvia matkalta, joka kesti lopulta kolmetoista vuotta';

const lentRows: readonly ItemRow[] = [
  { id: 'r6', item: '48300012345', state: 'reading', message: { key: 'row.reading' } },
  {
    id: 'r5',
    item: '48300012338',
    title: 'Tuntematon sotilas',
    state: 'pending',
    message: { key: 'row.checkout.pending' },
  },
  {
    id: 'r4',
    item: '48300012321',
    title: 'Kdo chytá v žitě',
    state: 'refused',
    message: { key: 'row.refused' },
    refusal: onHold,
  },
  {
    id: 'r3',
    item: '48300012314',
    title: longTitle,
    state: 'done',
    message: { key: 'row.checkout.done', params: day('2026-12-20') },
    due: { kind: 'day', date: '2026-12-20' },
  },
  {
    id: 'r2',
    item: '48300012307',
    title: 'Pippi Långstrump',
    state: 'attention',
    message: { key: 'row.checkout.staff' },
  },
  {
    id: 'r1',
    item: '48300012291',
    title: 'The Summer Book',
    state: 'done',
    message: { key: 'row.checkout.done', params: day('2026-12-20') },
    due: { kind: 'day', date: '2026-12-20' },
  },
];

/** As many as anyone carries. */
const manyRows: readonly ItemRow[] = Array.from({ length: 40 }, (_, place) => ({
  id: `m${place}`,
  item: String(48300012400 + place),
  title: ['Kalevala', 'Babička', 'Hemsöborna', 'Middlemarch'][place % 4] ?? '',
  state: 'done',
  message: { key: 'row.checkout.done', params: day('2026-12-20') },
  due: { kind: 'day', date: '2026-12-20' },
}));

const heldRow: ItemRow = {
  id: 'h1',
  item: '48300012321',
  title: 'Kdo chytá v žitě',
  state: 'refused',
  message: { key: 'row.refused' },
  refusal: onHold,
};

/** Items that cannot be had now, and what came of waiting for them. */
const heldRows: readonly ItemRow[] = [
  { ...heldRow, hold: { state: 'possible' } },
  {
    ...heldRow,
    id: 'h2',
    item: '48300012322',
    title: 'Doktor Glas',
    hold: { state: 'pending', message: { key: 'row.hold.place.pending' } },
  },
  {
    ...heldRow,
    id: 'h3',
    item: '48300012323',
    title: 'The Summer Book',
    hold: { state: 'done', message: { key: 'row.hold.place.donePosition', params: { position: 3 } } },
  },
  {
    ...heldRow,
    id: 'h4',
    item: '48300012324',
    title: 'Pippi Långstrump',
    hold: {
      state: 'refused',
      message: { key: 'row.hold.place.refused' },
      refusal: {
        rule: 'hold.already',
        source: 'acs',
        cause: { key: 'cause.hold.already' },
        next: { key: 'next.hold.already' },
        acsText: [],
      },
    },
  },
];

const returnedRows: readonly ItemRow[] = [
  {
    id: 'b3',
    item: '48300022221',
    title: 'Sinuhe egyptiläinen',
    state: 'offline',
    message: { key: 'row.checkin.offline' },
  },
  {
    id: 'b2',
    item: '48300022214',
    title: 'Babička',
    state: 'done',
    message: { key: 'row.checkin.bin', params: { bin: '2' } },
  },
  {
    id: 'b1',
    item: '48300022207',
    title: 'Muumipappa ja meri',
    state: 'done',
    message: { key: 'row.checkin.done' },
  },
];

const loans: readonly LoanRow[] = [
  {
    item: '48300033331',
    title: 'Seitsemän veljestä',
    due: { kind: 'day', date: '2026-11-12' },
    overdue: true,
    recalled: false,
    renewal: { state: 'possible' },
  },
  {
    item: '48300033324',
    title: 'Osudy dobrého vojáka Švejka',
    due: { kind: 'day', date: '2026-12-01' },
    overdue: false,
    recalled: true,
    renewal: { state: 'possible' },
  },
  {
    item: '48300033317',
    title: 'Musta laatikko: hääkuvaelma (DVD)',
    due: { kind: 'time', date: '2026-12-01', time: '18:00' },
    overdue: false,
    recalled: false,
    renewal: { state: 'resting' },
  },
  {
    item: '48300033300',
    title: 'Kallocain',
    due: { kind: 'day', date: '2026-12-20' },
    overdue: false,
    recalled: false,
    renewal: { state: 'renewed' },
  },
  {
    item: '48300033294',
    title: 'Nineteen Eighty-Four',
    due: { kind: 'day', date: '2026-12-03' },
    overdue: false,
    recalled: false,
    renewal: {
      state: 'refused',
      refusal: {
        rule: 'renew.onHold',
        source: 'acs',
        cause: { key: 'cause.renew.onHold' },
        next: { key: 'next.renew.refused' },
        acsText: [],
      },
    },
  },
];

const renewedUntil = { due: { kind: 'day', date: '2026-12-27' } } as const;

const inside = { signedIn: true, canFinish: true } as const;

const account: Extract<Screen, { name: 'account' }> = {
  name: 'account',
  loading: false,
  loans,
  holds: [
    {
      item: '48300044447',
      title: 'Yö ei saa tulla',
      ready: true,
      pickup: { acs: 'Keskusta, hylly 4' },
      expires: { kind: 'day', date: '2026-11-27' },
      cancel: { state: 'possible' },
    },
    {
      item: '48300044430',
      title: 'Doktor Glas',
      ready: false,
      position: 3,
      expires: { kind: 'day', date: '2027-01-31' },
      cancel: { state: 'possible' },
    },
    { item: '48300044423', title: 'Kunstmärchen der Romantik', ready: false, kind: 'interlibrary' },
    {
      item: '48300044416',
      title: 'Babička',
      ready: false,
      kind: 'order',
      cancel: { state: 'done', message: { key: 'row.hold.cancel.done' } },
    },
    {
      item: '48300044409',
      title: 'Hytti nro 6',
      ready: false,
      cancel: {
        state: 'refused',
        message: { key: 'row.hold.cancel.refused' },
        refusal: {
          rule: 'hold.notCancelled',
          source: 'acs',
          cause: { key: 'cause.hold.notCancelled' },
          next: { key: 'next.hold.notCancelled' },
          acsText: [{ acs: 'Hold is already in transit.' }],
        },
      },
    },
  ],
  fees: [
    {
      text: { acs: '2.40 EUR Myöhästymismaksu: Seitsemän veljestä' },
      amount: { amount: '2.40', currency: 'EUR' },
      reason: { acs: 'Myöhästymismaksu: Seitsemän veljestä' },
    },
    { text: { acs: 'Varausmaksu, Doktor Glas' } },
  ],
  feeTotal: { amount: '3.40', currency: 'EUR' },
  payWhere: { key: 'account.payWhere' },
  renewAll: { state: 'possible', count: 2 },
  counts: { loans: 5, overdue: 1, recalled: 1, holds: 5, ready: 1, fees: 2 },
  acsText: [],
};

const finished = { name: 'finished', lent: 3, returned: 1, renewed: 2, unsettled: 0 } as const;

const receipt: Receipt = {
  date: '2026-11-20',
  time: '14:05',
  cardEnd: '417',
  provisional: false,
  rows: [
    ...['Kalevala', 'Osudy dobrého vojáka Švejka za světové války', 'Война и мир'].map((title) => ({
      kind: 'checkout' as const,
      state: 'done' as const,
      title,
      count: 1,
      happened: true,
      message: {
        key: 'row.checkout.done' as const,
        params: { due: { due: { kind: 'day' as const, date: '2026-12-18' } } },
      },
    })),
    {
      kind: 'renew',
      state: 'done',
      title: 'Bröderna Lejonhjärta',
      count: 1,
      happened: true,
      message: { key: 'row.renew.done', params: { due: { due: { kind: 'day', date: '2026-12-18' } } } },
    },
    {
      kind: 'checkin',
      state: 'done',
      title: 'Tuntematon sotilas',
      count: 1,
      happened: true,
      message: { key: 'row.checkin.done' },
    },
  ],
};

export const examples: readonly Example[] = [
  { name: 'home', view: { ...quiet, screen: { name: 'home', services: open } } },
  {
    name: 'home-offline',
    view: {
      ...quiet,
      screen: { name: 'home', services: resting },
      status: { mode: 'offline', message: { key: 'status.offline' } },
    },
  },
  {
    name: 'home-trouble',
    view: {
      ...quiet,
      screen: { name: 'home', services: resting },
      status: { mode: 'offline', message: { key: 'status.certificateRefused' } },
    },
  },
  { name: 'card', view: { ...quiet, screen: { name: 'card', service: 'borrow' } } },
  {
    name: 'card-refused',
    view: {
      ...quiet,
      screen: {
        name: 'card',
        service: 'borrow',
        refusal: {
          rule: 'card.unknown',
          source: 'acs',
          cause: { key: 'cause.card.unknown' },
          next: { key: 'next.card.unknown' },
          acsText: [],
        },
      },
      notice: { id: 1, tone: 'no', message: { key: 'notice.notKept' } },
    },
  },
  {
    name: 'pin',
    view: {
      ...quiet,
      screen: { name: 'pin', service: 'borrow', format: 'digits', length: 4, entered: 2, checking: false },
    },
  },
  {
    name: 'pin-refused',
    view: {
      ...quiet,
      screen: {
        name: 'pin',
        service: 'borrow',
        format: 'digits',
        length: 4,
        entered: 0,
        checking: false,
        refusal: wrongPin,
      },
    },
  },
  {
    name: 'pin-checking',
    view: {
      ...quiet,
      screen: { name: 'pin', service: 'borrow', format: 'digits', length: 4, entered: 4, checking: true },
    },
  },
  {
    name: 'pin-password',
    view: {
      ...quiet,
      screen: { name: 'pin', service: 'borrow', format: 'password', entered: 6, checking: false },
    },
  },
  {
    name: 'pin-password-refused',
    view: {
      ...quiet,
      screen: {
        name: 'pin',
        service: 'borrow',
        format: 'password',
        entered: 0,
        checking: false,
        refusal: { ...wrongPin, cause: { key: 'cause.password.wrong' } },
      },
    },
  },
  {
    name: 'borrow-empty',
    view: {
      ...quiet,
      ...inside,
      canFinish: false,
      goTo: ['return', 'account'],
      screen: { name: 'borrow', items: [], counts: { pending: 0, done: 0, refused: 0 } },
    },
  },
  {
    name: 'borrow',
    view: {
      ...quiet,
      ...inside,
      goTo: ['return', 'account'],
      receipt: 'asked',
      screen: { name: 'borrow', items: lentRows, counts: { pending: 2, done: 2, refused: 1 } },
    },
  },
  {
    name: 'borrow-one',
    view: {
      ...quiet,
      ...inside,
      goTo: ['return', 'account'],
      receipt: 'asItIs',
      screen: { name: 'borrow', items: lentRows.slice(5), counts: { pending: 0, done: 1, refused: 0 } },
    },
  },
  {
    name: 'borrow-many',
    view: {
      ...quiet,
      ...inside,
      goTo: ['return', 'account'],
      receipt: 'asItIs',
      screen: { name: 'borrow', items: manyRows, counts: { pending: 0, done: 40, refused: 0 } },
    },
  },
  {
    name: 'borrow-notice',
    view: {
      ...quiet,
      ...inside,
      goTo: ['return', 'account'],
      receipt: 'asItIs',
      screen: { name: 'borrow', items: lentRows.slice(3), counts: { pending: 0, done: 2, refused: 0 } },
      notice: { id: 3, tone: 'attention', message: { key: 'notice.cardNotItem' } },
    },
  },
  {
    name: 'borrow-refused',
    view: {
      ...quiet,
      ...inside,
      goTo: ['return', 'account'],
      screen: { name: 'borrow', items: [], refusal: owesMoney, counts: { pending: 0, done: 0, refused: 0 } },
    },
  },
  {
    name: 'return-empty',
    view: {
      ...quiet,
      screen: { name: 'return', items: [], signedIn: false, counts: { pending: 0, done: 0, refused: 0 } },
    },
  },
  {
    name: 'return',
    view: {
      ...quiet,
      canFinish: true,
      status: { mode: 'degraded', message: { key: 'status.offline' } },
      screen: {
        name: 'return',
        items: returnedRows,
        signedIn: false,
        counts: { pending: 0, done: 3, refused: 0 },
      },
    },
  },
  {
    name: 'return-refused',
    view: {
      ...quiet,
      canFinish: true,
      screen: {
        name: 'return',
        items: [
          {
            id: 'b4',
            item: '90412345',
            state: 'refused',
            message: { key: 'row.checkin.refused' },
            refusal: {
              rule: 'tag.otherLibrary',
              source: 'station',
              cause: { key: 'cause.tag.otherLibrary' },
              next: { key: 'next.item.toStaff' },
              acsText: [],
            },
          },
          ...returnedRows.slice(2),
        ],
        signedIn: false,
        counts: { pending: 0, done: 1, refused: 1 },
      },
    },
  },
  { name: 'account', view: { ...quiet, ...inside, goTo: ['borrow', 'return'], screen: account } },
  {
    name: 'account-empty',
    view: {
      ...quiet,
      ...inside,
      goTo: ['borrow', 'return'],
      screen: { name: 'account', loading: false, loans: [], holds: [], fees: [], counts: {}, acsText: [] },
    },
  },
  {
    name: 'account-away',
    view: {
      ...quiet,
      ...inside,
      goTo: ['return'],
      status: { mode: 'offline', message: { key: 'status.offline' } },
      screen: {
        name: 'account',
        loading: false,
        problem: { key: 'account.problem.away' },
        loans: [],
        holds: [],
        fees: [],
        counts: {},
        acsText: [],
      },
    },
  },
  {
    name: 'account-loading',
    view: {
      ...quiet,
      ...inside,
      goTo: ['borrow', 'return'],
      screen: {
        name: 'account',
        loading: true,
        loans: [],
        holds: [],
        fees: [],
        counts: { loans: 60, overdue: 2, holds: 3, fees: 0 },
        acsText: [],
      },
    },
  },
  {
    name: 'account-holds',
    view: {
      ...quiet,
      ...inside,
      goTo: ['borrow', 'return'],
      screen: {
        ...account,
        loans: loans.slice(0, 2),
        counts: { loans: 2, overdue: 1, holds: 5, ready: 1, fees: 2 },
      },
    },
  },
  {
    name: 'account-renewing',
    view: {
      ...quiet,
      ...inside,
      goTo: ['borrow', 'return'],
      screen: {
        ...account,
        loans: loans.map((loan, index) => ({
          ...loan,
          ...(index < 2
            ? { ...renewedUntil, overdue: false, recalled: false, renewal: { state: 'renewed' } }
            : { renewal: { state: 'pending' } }),
        })),
        renewAll: { state: 'running', done: 2, count: 5 },
        card: { state: 'endsSoon', date: '2026-12-05' },
      },
    },
  },
  {
    name: 'account-renewed',
    view: {
      ...quiet,
      ...inside,
      goTo: ['borrow', 'return'],
      screen: {
        ...account,
        loans: loans.map((loan) =>
          loan.renewal.state === 'refused'
            ? loan
            : { ...loan, ...renewedUntil, overdue: false, recalled: false, renewal: { state: 'renewed' } },
        ),
        renewAll: { state: 'done', renewed: 4, others: 1 },
        counts: { loans: 5, holds: 5, ready: 1, fees: 2 },
        card: { state: 'ended', date: '2026-11-01' },
      },
    },
  },
  {
    name: 'account-question',
    view: {
      ...quiet,
      ...inside,
      goTo: ['borrow', 'return'],
      screen: account,
      question: { about: 'cancelHold', item: '48300044430', title: 'Doktor Glas' },
    },
  },
  {
    name: 'borrow-hold',
    view: {
      ...quiet,
      ...inside,
      goTo: ['return', 'account'],
      screen: {
        name: 'borrow',
        items: heldRows,
        counts: { pending: 0, done: 0, refused: 4 },
      },
    },
  },
  {
    name: 'borrow-question',
    view: {
      ...quiet,
      ...inside,
      goTo: ['return', 'account'],
      screen: {
        name: 'borrow',
        items: heldRows,
        counts: { pending: 0, done: 0, refused: 4 },
      },
      question: {
        about: 'placeHold',
        item: '48300012321',
        title: 'Kdo chytá v žitě',
        pickup: { fi: 'Keskustan kirjasto', en: 'Main library' },
      },
    },
  },
  {
    name: 'account-blocked',
    view: {
      ...quiet,
      ...inside,
      goTo: ['return'],
      screen: {
        ...account,
        loans: loans.slice(0, 2),
        holds: [],
        counts: { loans: 2, overdue: 1, recalled: 1, holds: 0, fees: 2 },
        refusal: owesMoney,
        problem: { key: 'account.problem.partial' },
      },
    },
  },
  {
    name: 'finished',
    view: { ...quiet, screen: { name: 'finished', lent: 3, returned: 1, renewed: 2, unsettled: 0 } },
  },
  {
    name: 'finished-unsettled',
    view: { ...quiet, screen: { name: 'finished', lent: 1, returned: 0, renewed: 0, unsettled: 1 } },
  },
  {
    name: 'finished-printing',
    view: {
      ...quiet,
      screen: { ...finished, receipt: { is: 'printing' } },
    },
  },
  {
    name: 'finished-printed',
    view: { ...quiet, screen: { ...finished, receipt: { is: 'printed' } } },
  },
  {
    name: 'finished-receipt',
    view: {
      ...quiet,
      screen: {
        ...finished,
        receipt: { is: 'onScreen', receipt, problem: { key: 'receipt.problem.paperEnd' } },
      },
    },
  },
  {
    name: 'finished-receipt-short',
    view: {
      ...quiet,
      screen: {
        ...finished,
        receipt: {
          is: 'onScreen',
          receipt: {
            ...receipt,
            provisional: true,
            rows: [
              {
                kind: 'checkout',
                state: 'done',
                count: 3,
                happened: true,
                message: {
                  key: 'row.checkout.done',
                  params: { due: { due: { kind: 'day', date: '2026-12-18' } } },
                },
              },
              {
                kind: 'checkin',
                state: 'offline',
                count: 1,
                happened: true,
                message: { key: 'row.checkin.offline' },
              },
            ],
          },
        },
      },
    },
  },
  {
    name: 'finished-nothing',
    view: { ...quiet, screen: { name: 'finished', lent: 0, returned: 0, renewed: 0, unsettled: 0 } },
  },
  {
    name: 'refusal',
    view: { ...quiet, screen: { name: 'refusal', refusal: lockedCard, stillOpen: ['return'] } },
  },
  {
    name: 'time-out',
    view: {
      ...quiet,
      ...inside,
      goTo: ['return', 'account'],
      screen: { name: 'borrow', items: lentRows.slice(3), counts: { pending: 0, done: 2, refused: 0 } },
      stillThere: { secondsLeft: 18 },
    },
  },
  {
    name: 'borrow-reader-empty',
    view: {
      ...quiet,
      ...inside,
      canFinish: false,
      screen: { name: 'borrow', items: [], counts: { pending: 0, done: 0, refused: 0 } },
      reader: { items: 0, reading: 0, doubtful: 0, strange: 0, tooMany: false },
    },
  },
  {
    name: 'borrow-reader',
    view: {
      ...quiet,
      ...inside,
      screen: { name: 'borrow', items: stackRows, counts: { pending: 1, done: 1, refused: 0 } },
      reader: { items: 4, reading: 1, doubtful: 1, strange: 0, tooMany: false },
    },
  },
  {
    name: 'put-back',
    view: {
      ...quiet,
      ...inside,
      screen: { name: 'borrow', items: stackRows, counts: { pending: 1, done: 1, refused: 0 } },
      reader: { items: 2, reading: 0, doubtful: 0, strange: 0, tooMany: false },
      putBack: [{ item: '30095003', title: 'Muumipapan urotyöt', lent: true, why: 'lifted' }],
    },
  },
  {
    name: 'borrow-by-barcode',
    view: {
      ...quiet,
      ...inside,
      screen: { name: 'borrow', items: unseenRows, counts: { pending: 0, done: 2, refused: 0 } },
      reader: { items: 0, reading: 0, doubtful: 0, strange: 0, tooMany: false },
    },
  },
  {
    name: 'lay-it-there',
    view: {
      ...quiet,
      ...inside,
      screen: { name: 'borrow', items: unseenRows, counts: { pending: 0, done: 2, refused: 0 } },
      reader: { items: 0, reading: 0, doubtful: 0, strange: 0, tooMany: false },
      putBack: [
        { item: '30095004', title: 'Kauas pilvet karkaavat', lent: true, why: 'notSeen' },
        {
          item: '30095005',
          title: 'Osudy dobrého vojáka Švejka za světové války',
          lent: true,
          why: 'notSeen',
        },
      ],
    },
  },
  {
    name: 'return-incomplete',
    view: {
      ...quiet,
      ...inside,
      screen: {
        name: 'return',
        signedIn: false,
        items: [
          {
            id: 's6',
            item: '30095006',
            title: 'Fanny och Alexander (3 skivor)',
            state: 'attention',
            message: { key: 'row.tag.returnedParts', params: { here: 2, of: 3 } },
          },
          {
            id: 's7',
            item: '30095007',
            title: 'Täällä Pohjantähden alla',
            state: 'done',
            message: { key: 'row.checkin.done' },
          },
        ],
        counts: { pending: 0, done: 2, refused: 0 },
      },
      reader: { items: 2, reading: 0, doubtful: 0, strange: 0, tooMany: false },
    },
  },
  { name: 'one-moment', view: 'noStation' },
  { name: 'one-moment-again', view: 'lostStation' },
  {
    name: 'out-of-service',
    view: {
      ...quiet,
      status: { mode: 'degraded' },
      screen: {
        name: 'outOfService',
        cause: { key: 'oos.journal.cause' },
        next: { key: 'oos.journal.next' },
        services: [],
      },
    },
  },
  { name: 'out-of-service-page', view: 'strangeStation' },
];
