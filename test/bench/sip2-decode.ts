import { decode, type Decoded } from '../../src/sip2/decode.ts';
import { encode } from '../../src/sip2/encode.ts';
import type { BenchRow } from './bench-row.ts';
import { regexpDecode } from './sip2-regexp-parser.ts';

/** Bounds of the issue and the brief, in microseconds. */
const patronInformationMicrosMax = 100;
const checkoutResponseMicrosMax = 15;
const listedItems = 60;

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

/** Median of the microseconds per call over several rounds, after a warm-up. */
function microsPerCall(call: () => number, callsPerRound: number): number {
  const roundsCount = 15;
  for (let index = 0; index < callsPerRound; index++) kept += call();
  const rounds: number[] = [];
  for (let round = 0; round < roundsCount; round++) {
    const start = process.hrtime.bigint();
    for (let index = 0; index < callsPerRound; index++) kept += call();
    rounds.push(Number(process.hrtime.bigint() - start) / 1000 / callsPerRound);
  }
  rounds.sort((a, b) => a - b);
  return rounds[roundsCount >> 1] ?? Number.NaN;
}

function measure(name: string, line: Buffer, boundMicros: number, calls: number): BenchRow {
  const whole = decode(line);
  if (whole.checksum !== 'right' || whole.deviations.length > 0) throw new Error(`${name}: not read right`);
  const decoded = (message: Decoded): number => message.fields.length;
  const ours = microsPerCall(() => decoded(decode(line)), calls);
  const floor = microsPerCall(() => regexpDecode(line).fields.length, calls);
  return { name, ours, floor, unit: 'µs', bound: `under ${boundMicros} µs`, pass: ours < boundMicros };
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
