import { decode } from '../../src/sip2/decode.ts';
import { encode } from '../../src/sip2/encode.ts';
import { figuresOf, type BenchRow } from './bench-row.ts';
import { regexpDecode } from './sip2-regexp-parser.ts';

/** Bounds of the issue and the brief, in microseconds. */
const patronInformationMicrosMax = 100;
const checkoutResponseMicrosMax = 15;
const listedItems = 60;
const rounds = 15;

function patronInformation(): Buffer {
  const items = Array.from({ length: listedItems }, (_, index) => `3000${String(7008637257 + index)}`);
  const message = encode(
    {
      code: '64',
      fixed: {
        patronStatus: ' '.repeat(14),
        language: '007',
        transactionDate: '20261120    100000',
        holdItemsCount: '0002',
        overdueItemsCount: '0000',
        chargedItemsCount: String(listedItems).padStart(4, '0'),
        fineItemsCount: '0000',
        recallItemsCount: '0000',
        unavailableHoldsCount: '0000',
      },
      fields: {
        AO: 'UWOLS',
        AA: 'djfiander',
        AE: 'Virtanen, Väinö',
        BZ: '0010',
        CB: '0100',
        BL: 'Y',
        CQ: 'Y',
        BH: 'EUR',
        BV: '2.40',
        AU: items,
        BD: 'Kirjastokatu 1, 00100 Helsinki',
        BE: 'vaino@example.org',
        AF: ['Hei!'],
      },
    },
    { sequence: 3 },
  );
  if (!message.ok) throw new Error(message.error.field);
  return message.value;
}

function checkoutResponse(): Buffer {
  const message = encode(
    {
      code: '12',
      fixed: {
        ok: '1',
        renewalOk: 'N',
        magneticMedia: 'U',
        desensitize: 'Y',
        transactionDate: '20261120    100000',
      },
      fields: {
        AO: 'UWOLS',
        AA: 'djfiander',
        AB: '1565921879',
        AJ: 'Täällä Pohjantähden alla',
        AH: '2026-12-18 23:59:59',
        AF: ['Muista palauttaa ajoissa'],
      },
    },
    { sequence: 4 },
  );
  if (!message.ok) throw new Error(message.error.field);
  return message.value;
}

/** Keeps what the parsers make, so that nothing is optimised away. */
let kept = 0;

/** Microseconds of one call, as the mean of many. */
function microsPerCall(call: () => number, calls: number): number {
  const start = process.hrtime.bigint();
  for (let index = 0; index < calls; index++) kept += call();
  return Number(process.hrtime.bigint() - start) / 1000 / calls;
}

function measure(name: string, line: Buffer, boundMicros: number, calls: number): BenchRow {
  const whole = decode(line);
  if (whole.checksum !== 'right' || whole.deviations.length > 0) throw new Error(`${name}: not read right`);
  const ours: number[] = [];
  const floor: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const own = microsPerCall(() => decode(line).fields.length, calls);
    const other = microsPerCall(() => regexpDecode(line).fields.length, calls);
    // The first round warms both up.
    if (round === 0) continue;
    ours.push(own);
    floor.push(other);
  }
  const figures = figuresOf(ours);
  return {
    name: `${name}, checksum verified`,
    unit: 'µs',
    ours: figures,
    floor: figuresOf(floor),
    floorName: 'a parser of regular expressions',
    bound: `under ${boundMicros} µs`,
    pass: figures.median < boundMicros,
  };
}

/** Decoding, checksum verified, beside a plain regular-expression parser. */
export async function run(): Promise<BenchRow[]> {
  const rows = [
    measure(`decode a 64 with ${listedItems} items`, patronInformation(), patronInformationMicrosMax, 2000),
    measure('decode a 12', checkoutResponse(), checkoutResponseMicrosMax, 20_000),
  ];
  if (kept === 0) throw new Error('nothing was decoded');
  return await Promise.resolve(rows);
}
