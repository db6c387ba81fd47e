import { ScanSplitter, scanCharsMax } from '../../src/devices/barcode-scanner/wire.ts';
import { frameToStationSchema } from '../../src/shared/frames.ts';
import { contractVersion } from '../../src/shared/view.ts';
import { parseConfig } from '../../src/station/config/load.ts';
import { demand, pieces, seedsOf, type FuzzedParser } from './parser.ts';

/** Scans: the same however the bytes arrive, and a text is never long, empty or with control characters. */
function readScans(suffix: string | undefined): FuzzedParser['read'] {
  const scans = (parts: readonly Buffer[]): string => {
    const splitter = new ScanSplitter({ suffix, prefix: suffix === undefined ? '' : '!', aim: true });
    const read = parts.flatMap((part) => [...splitter.push(part)]);
    for (const scan of read) {
      if (scan.kind !== 'text') continue;
      demand(scan.text !== '' && Array.from(scan.text).length <= scanCharsMax, 'a scan beyond its bounds');
      // eslint-disable-next-line no-control-regex
      demand(!/[\u0000-\u001f\u007f]/.test(scan.text), 'a control character in a scan');
    }
    return JSON.stringify(read);
  };
  return (input, cuts) => {
    demand(scans(pieces(input, cuts)) === scans([input]), 'pieces read otherwise than the whole');
  };
}

const scanSeeds = seedsOf([
  '31999000010070\r',
  ']C031999000010070\r\n',
  '!31999000010070\t',
  '\u000231999\u0003\r',
]);

function frame(frameSaid: object): string {
  return JSON.stringify({ v: contractVersion, ...frameSaid });
}

/** A frame is refused, or is one of the contract and stays the same when it is read again. */
function readFrame(input: Buffer): void {
  let said: unknown;
  try {
    said = JSON.parse(input.toString('utf8'));
  } catch {
    return;
  }
  const parsed = frameToStationSchema.safeParse(said);
  if (!parsed.success) return;
  const again = frameToStationSchema.safeParse(parsed.data);
  demand(
    again.success && JSON.stringify(again.data) === JSON.stringify(parsed.data),
    'a frame that is none when read again',
  );
}

const frameSeeds = seedsOf([
  frame({ kind: 'watch' }),
  frame({ kind: 'ask', id: '1', about: 'status' }),
  frame({
    kind: 'intent',
    intent: { id: '1', epoch: 3, act: { do: 'submitCardNumber', number: '21999000020071' } },
  }),
  frame({ kind: 'intent', intent: { id: '2', epoch: 3, act: { do: 'pinKey', key: 'ä' } } }),
]);

const secretsAreAway = {
  env: (name: string) => (name === 'ACS_PASSWORD' ? 'clientpwd' : undefined),
  file: (path: string): string => {
    throw new Error(`no file ${path}`);
  },
};

/** A configuration is whole or refused with reasons; the password that it names stands in none of them. */
function readConfig(input: Buffer): void {
  const parsed = parseConfig(input.toString('utf8'), 'station.yaml', secretsAreAway);
  if (parsed.ok) return;
  demand(parsed.error.length > 0, 'refused without a reason');
  demand(!JSON.stringify(parsed.error).includes('clientpwd'), 'a password in a reason');
}

const configSeeds = seedsOf([
  `configVersion: 1
library:
  institutionId: UWOLS
  name: { fi: Esimerkkikirjasto, en: Example Library }
  languages: [fi, sv, cs, en]
  timeZone: Europe/Helsinki
acs:
  host: 127.0.0.1
  port: 6001
  login: { user: scclient, password: "\${env:ACS_PASSWORD}" }
devices:
  - { kind: barcode-scanner, driver: serial, path: /dev/ttyUSB0, baudRate: 9600 }
data: { directory: ./data }
`,
  'configVersion: 2\n',
  'library: &a { name: *a }\n',
  'a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n',
]);

/** Everything that devices, pages and people may hand to the station. */
export const stationParsers: readonly FuzzedParser[] = [
  { name: 'scanner, CR or LF', seeds: scanSeeds, read: readScans(undefined) },
  { name: 'scanner, prefix and suffix', seeds: scanSeeds, read: readScans('\t') },
  { name: 'frames', seeds: frameSeeds, read: readFrame },
  { name: 'configuration', seeds: configSeeds, read: readConfig },
];
