import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isLoopback } from '../../../src/station/config/acs-across.ts';
import { configBytesMax, loadConfig, parseConfig } from '../../../src/station/config/load.ts';
import { problemSentence, type ConfigProblem } from '../../../src/station/config/problems.ts';
import type { StationConfig } from '../../../src/station/config/schema.ts';
import type { SecretSources } from '../../../src/station/config/secrets.ts';

const nothing: SecretSources = {
  env: () => undefined,
  file: () => {
    throw new Error('no file');
  },
};

const smallest = `configVersion: 1
library:
  institutionId: UWOLS
  name: { en: Example Library }
acs:
  host: 127.0.0.1
`;

/** The first YAML of the design, whose keys stay. */
const ofTheDesign = `configVersion: 1
library:
  institutionId: UWOLS            # SIP2 AO
  name: { fi: Esimerkkikirjasto, en: Example Library }
  languages: [fi, sv, cs, en]
  timeZone: Europe/Helsinki
  currency: EUR
acs:
  transport: tcp
  host: 127.0.0.1
  port: 6001
  login: { user: scclient, password: clientpwd }
  profile: generic
  charset: utf-8
  errorDetection: true
devices:
  - { kind: barcode-scanner, driver: serial, path: /dev/ttyUSB0, baudRate: 9600 }
patron:
  pin: { format: digits, length: 4 }
services:
  borrow:  { enabled: true, pin: required, offline: false }
  return:  { enabled: true, offline: true }
  account: { enabled: true, pin: required }
data: { directory: ./data }
shell: { kind: web, port: 8123 }
`;

function accepted(text: string, sources = nothing): StationConfig {
  const result = parseConfig(text, 'station.yaml', sources);
  if (!result.ok) throw new Error(result.error.map(problemSentence).join('\n'));
  return result.value;
}

function refused(text: string, sources = nothing): readonly ConfigProblem[] {
  const result = parseConfig(text, 'station.yaml', sources);
  if (result.ok) throw new Error('it was accepted');
  return result.error;
}

describe('a right configuration', () => {
  it('is the one of the design', () => {
    const config = accepted(ofTheDesign);
    expect(config.library.name).toEqual({ fi: 'Esimerkkikirjasto', en: 'Example Library' });
    expect(config.devices[0]).toMatchObject({ driver: 'serial', path: '/dev/ttyUSB0' });
    expect(config.acs.login).toEqual({ user: 'scclient', password: 'clientpwd' });
  });

  it('needs little, and the rest has its default', () => {
    const config = accepted(smallest);
    expect(config.library.languages).toEqual(['fi', 'sv', 'cs', 'en']);
    expect(config.acs).toMatchObject({
      port: 6001,
      profile: 'generic',
      overrides: {},
    });
    expect(config.acs.charset).toBeUndefined();
    expect(config.patron.pin).toEqual({
      format: 'digits',
      length: 4,
      attempts: { perCard: 5, perStation: 20, windowMinutes: 15 },
    });
    expect(config.session).toEqual({ idleSeconds: 45, warningSeconds: 20, finishedSeconds: 8 });
    expect(config.services.return).toEqual({ enabled: true, offline: true });
    expect(config.shell).toEqual({ kind: 'web', port: 8123 });
    expect(config.devices).toEqual([]);
  });

  it('may name a profile and override its rules', () => {
    const acs = accepted(`${smallest}  profile: koha\n  overrides: { alert: flag, renewBy: checkout }\n`).acs;
    expect(acs).toMatchObject({ profile: 'koha', overrides: { alert: 'flag', renewBy: 'checkout' } });
  });

  it('may name a profile in a file', () => {
    const probed = {
      profileVersion: 1,
      name: 'probed',
      system: 'Ours',
      inherits: 'koha',
      about: 'Probed.',
      rules: {},
    };
    const sources = {
      ...nothing,
      file: (path: string) => (path === './ours.json' ? JSON.stringify(probed) : ''),
    };
    expect(accepted(`${smallest}  profileFile: ./ours.json\n`, sources).acs.profileFile).toBe('./ours.json');
    const problem = (path: string) => refused(`${smallest}  profileFile: ${path}\n`, sources)[0];
    expect(problem('./other.json')).toMatchObject({ key: 'acs.profileFile', line: 7 });
    expect(refused(`${smallest}  profileFile: ./ours.json\n`)[0]?.found).toContain('cannot be read');
  });

  it('overrides only rules that there are, with values that they can have', () => {
    expect(refused(`${smallest}  overrides: { renewby: checkout }\n`)).toMatchObject([
      { key: 'acs.overrides.renewby', line: 7, expected: 'a known key; did you mean "renewBy"?' },
    ]);
    expect(refused(`${smallest}  overrides:\n    renewBy: checkin\n`)).toMatchObject([
      { key: 'acs.overrides.renewBy', line: 8 },
    ]);
  });

  it('may have a scanner with its framing', () => {
    const device = String.raw`devices: [{ kind: barcode-scanner, path: COM3, prefix: "\x02", suffix: "\x03\r", parity: even, dataBits: 7 }]`;
    expect(accepted(`${smallest}${device}\n`).devices[0]).toEqual({
      kind: 'barcode-scanner',
      driver: 'serial',
      path: 'COM3',
      baudRate: 9600,
      dataBits: 7,
      parity: 'even',
      stopBits: 1,
      prefix: '\u0002',
      suffix: '\u0003\r',
      aim: false,
      doubleScanMs: 1500,
      setup: [],
    });
  });

  it('may have a scanner in HID POS mode, named by vendor and product', () => {
    const device =
      'devices: [{ kind: barcode-scanner, driver: hid-pos, vendorId: 0x05E0, productId: 0x1900 }]';
    expect(accepted(`${smallest}${device}\n`).devices).toEqual([
      {
        kind: 'barcode-scanner',
        driver: 'hid-pos',
        vendorId: 1504,
        productId: 6400,
        prefix: '',
        doubleScanMs: 1500,
      },
    ]);
  });
});

describe('card readers and relay boards', () => {
  it('are accepted with what they need', () => {
    const text = `${smallest}devices:
  - { kind: card-reader, driver: magtek-hid }
  - { kind: card-reader, driver: twn4, path: /dev/a, base: decimal, reverse: true, digits: 10 }
  - { kind: card-reader, driver: keyboard, vendorId: 0x0C27, productId: 0x3BFA }
  - { kind: card-reader, driver: serial, path: /dev/b, suffix: "" }
  - { kind: barcode-scanner, driver: keyboard, vendorId: 1, productId: 2 }
  - { kind: relay, driver: lcus, path: /dev/c, lights: { ready: 1 } }
  - { kind: relay, driver: modbus-rtu, path: /dev/d, address: 2, lights: { inUse: 1, cardSlot: 2 } }
  - { kind: relay, driver: usbrelay2, lights: { attention: 8 } }
`;
    expect(accepted(text).devices).toMatchObject([
      { driver: 'magtek-hid', track: 2 },
      { baudRate: 9600, base: 'decimal', reverse: true, digits: 10 },
      { vendorId: 3111, productId: 15354 },
      { suffix: '', aim: false, doubleScanMs: 1500 },
      { driver: 'keyboard' },
      { lights: { ready: 1 } },
      { address: 2 },
      { driver: 'usbrelay2' },
    ]);
  });
  it.each([
    ['a lamp on no channel', 'driver: lcus, path: /dev/c, lights: {}', 'devices[0].lights'],
    ['two lamps on one', 'driver: lcus, path: /dev/c, lights: { ready: 1, inUse: 1 }', 'devices[0].lights'],
    ['a channel too many', 'driver: usbrelay2, lights: { ready: 9 }', 'devices[0].lights.ready'],
    ['a lamp of no name', 'driver: usbrelay2, lights: { ready: 1, disco: 2 }', 'devices[0].lights.disco'],
  ])('%s is refused', (_what, keys, key) => {
    expect(refused(`${smallest}devices: [{ kind: relay, ${keys} }]\n`).map((one) => one.key)).toEqual([key]);
  });
  it('a keyboard of any maker is refused: it may be a technician’s', () => {
    const text = `${smallest}devices: [{ kind: card-reader, driver: keyboard }]\n`;
    expect(refused(text).map((one) => one.key)).toEqual(['devices[0].vendorId', 'devices[0].productId']);
  });
});

describe('a wrong configuration', () => {
  const wrong: [string, string, Omit<ConfigProblem, 'file'>][] = [
    [
      'a key that is misspelt',
      `${smallest}  pord: 6001\n`,
      { line: 7, key: 'acs.pord', expected: 'a known key; did you mean "port"?', found: 'an unknown key' },
    ],
    [
      'a key that is nothing like any',
      `${smallest}telephone: 1\n`,
      {
        line: 7,
        key: 'telephone',
        expected: expect.stringMatching(/^one of the keys configVersion, library,/),
        found: 'an unknown key',
      },
    ],
    [
      'a key in other capitals',
      `${smallest}devices: [{ kind: barcode-scanner, path: /dev/x, baudrate: 9600 }]\n`,
      {
        line: 7,
        key: 'devices[0].baudrate',
        expected: 'a known key; did you mean "baudRate"?',
        found: 'an unknown key',
      },
    ],
    [
      'a key that every object has',
      `${smallest}constructor: 1\n`,
      { line: 7, key: 'constructor', expected: expect.any(String), found: 'an unknown key' },
    ],
    [
      'a value of another type',
      `${smallest}  port: "6001"\n`,
      { line: 7, key: 'acs.port', expected: 'a whole number from 1 to 65535', found: 'the text "6001"' },
    ],
    [
      'a value out of bounds',
      `${smallest}  port: 70000\n`,
      { line: 7, key: 'acs.port', expected: 'a whole number from 1 to 65535', found: 'the number 70000' },
    ],
    [
      'a YAML 1.1 truth',
      `${smallest}services:\n  borrow:\n    enabled: yes\n`,
      { line: 9, key: 'services.borrow.enabled', expected: 'true or false', found: 'the text "yes"' },
    ],
    [
      'a value where a mapping belongs',
      `${smallest}data: ./data\n`,
      {
        line: 7,
        key: 'data',
        expected: 'a mapping with the keys directory, deviceKey, settledDays, libraryKey, copy',
        found: 'the text "./data"',
      },
    ],
    [
      'a key without its value',
      `${smallest}session:\n`,
      { line: 7, key: 'session', expected: expect.stringContaining('idleSeconds'), found: 'an empty value' },
    ],
    [
      'a needed key that is missing',
      smallest.replace('  host: 127.0.0.1', '  port: 6001'),
      { line: 5, key: 'acs.host', expected: 'a host name or an IP address', found: 'nothing' },
    ],
    [
      'a needed part that is missing',
      smallest.replace(/acs:[^]*/, ''),
      { line: 1, key: 'acs', expected: expect.stringContaining('host, port'), found: 'nothing' },
    ],
    [
      'another version',
      smallest.replace('configVersion: 1', 'configVersion: 0'),
      { line: 1, key: 'configVersion', expected: '1', found: 'the number 0' },
    ],
    [
      'a newer version, whatever else it says',
      smallest.replace('configVersion: 1', 'configVersion: 2\nnewThing: true'),
      {
        line: 1,
        key: 'configVersion',
        expected: '1',
        found: '2; the file was written for a newer version of the program',
      },
    ],
    [
      'a time zone that is none',
      smallest.replace('acs:', '  timeZone: Helsinki\nacs:'),
      {
        line: 5,
        key: 'library.timeZone',
        expected: 'an IANA time zone such as Europe/Helsinki',
        found: 'the text "Helsinki"',
      },
    ],
    [
      'a language twice',
      smallest.replace('acs:', '  languages: [fi, fi]\nacs:'),
      {
        line: 5,
        key: 'library.languages',
        expected: expect.stringContaining('at most once'),
        found: 'a list of 2',
      },
    ],
    [
      'a name in no language',
      smallest.replace('{ en: Example Library }', '{}'),
      {
        line: 4,
        key: 'library.name',
        expected: expect.stringContaining('at least one'),
        found: 'an empty mapping',
      },
    ],
    [
      'a pattern that is none',
      `${smallest}identifiers: { card: ["[0-9"] }\n`,
      { line: 7, key: 'identifiers.card[0]', expected: 'a regular expression', found: 'the text "[0-9"' },
    ],
    [
      'a delimiter in a SIP2 value',
      smallest.replace('UWOLS', '"A|ADx"'),
      {
        line: 3,
        key: 'library.institutionId',
        expected: expect.stringContaining('without |'),
        found: 'the text "A|ADx"',
      },
    ],
    [
      'plain TCP to another machine',
      smallest.replace('127.0.0.1', 'acs.example.org'),
      {
        line: 5,
        key: 'acs.plainTcp',
        expected: expect.stringMatching(/^tunnelled or isolated-network/),
        found: 'nothing',
      },
    ],
    [
      'two scanners on one port',
      `${smallest}devices:\n  - { kind: barcode-scanner, path: /dev/x }\n  - { kind: barcode-scanner, path: /dev/x }\n`,
      { line: 9, key: 'devices[1]', expected: 'a port of its own', found: 'the port of another device' },
    ],
    [
      'two HID scanners that are the same one',
      `${smallest}devices:\n  - { kind: barcode-scanner, driver: hid-pos }\n  - { kind: barcode-scanner, driver: hid-pos }\n`,
      { line: 9, key: 'devices[1]', expected: 'a port of its own', found: 'the port of another device' },
    ],
    [
      'a transport that there is not',
      `${smallest}  transport: serial\n`,
      { line: 7, key: 'acs.transport', expected: 'tcp, tls or https', found: 'the text "serial"' },
    ],
    [
      'a device that is not in this version',
      `${smallest}devices: [{ kind: payment-terminal, path: /dev/x }]\n`,
      {
        line: 7,
        key: 'devices[0].kind',
        expected: expect.stringMatching(/^barcode-scanner\b/),
        found: 'the text "payment-terminal"',
      },
    ],
    [
      'a device without its kind',
      `${smallest}devices: [{ path: /dev/x }]\n`,
      {
        line: 7,
        key: 'devices[0].kind',
        expected: expect.stringMatching(/^barcode-scanner\b/),
        found: 'nothing',
      },
    ],
    [
      'a driver of no such device',
      `${smallest}devices: [{ kind: barcode-scanner, driver: telepathy }]\n`,
      {
        line: 7,
        key: 'devices[0].driver',
        expected: expect.stringMatching(/^serial\b/),
        found: 'the text "telepathy"',
      },
    ],
    [
      'a device that is no mapping',
      `${smallest}devices: [scanner]\n`,
      { line: 7, key: 'devices[0]', expected: 'a mapping with the key kind', found: 'the text "scanner"' },
    ],
    [
      'lending without the ACS, which needs its rules',
      `${smallest}services: { borrow: { offline: true } }\n`,
      {
        line: 7,
        key: 'services.borrow.offline',
        expected: 'false, or the rules by which the station lends by itself: a mapping with the key pin',
        found: 'the value true',
      },
    ],
    [
      'payment by a terminal, which none drives',
      `${smallest}services: { fees: { pay: terminal } }\n`,
      {
        line: 7,
        key: 'services.fees.pay',
        expected: 'none; this version drives no payment terminal',
        found: 'the text "terminal"',
      },
    ],
    [
      'a place for holds without a name',
      `${smallest}services: { holds: { pickup: { code: MAIN } } }\n`,
      {
        line: 7,
        key: 'services.holds.pickup.name',
        expected: 'a name in at least one of the languages fi, sv, cs, en',
        found: 'nothing',
      },
    ],
    [
      'the same key twice',
      `${smallest}data: {}\ndata: {}\n`,
      { line: 8, key: '', expected: 'well-formed YAML', found: 'a key that stands there twice' },
    ],
    [
      'a reference',
      `${smallest}data: &a {}\nsession: *a\n`,
      { line: 8, key: '', expected: 'plain mappings, lists and values', found: 'a reference (*name)' },
    ],
    [
      'a tag',
      `${smallest}data: !js {}\n`,
      { line: 7, key: '', expected: 'plain mappings, lists and values', found: 'a tag (!name)' },
    ],
    [
      'a bracket too few',
      'configVersion: [1\n',
      { line: expect.any(Number), key: '', expected: 'well-formed YAML', found: expect.any(String) },
    ],
    [
      'nothing at all',
      '',
      {
        line: undefined,
        key: '',
        expected: expect.stringContaining('configVersion'),
        found: 'an empty value',
      },
    ],
    [
      'a list',
      '- 1\n',
      { line: 1, key: '', expected: expect.stringContaining('configVersion'), found: 'a list of 1' },
    ],
  ];
  it.each(wrong)('%s', (_what, text, problem) => {
    expect(refused(text)).toContainEqual({ file: 'station.yaml', ...problem });
  });

  it.each(wrong)('is told for nothing else: %s', (_what, text) => {
    expect(refused(text).length).toBe(1);
  });

  it('takes RFID readers on a serial port and on the network, with the library’s own marks', () => {
    const devices = `devices:
  - { kind: rfid-reader, driver: feig-obid, path: /dev/ttyS0, security: { onLoan: 0xD7, inStock: 0xDA, accept: { inStock: [0x07] } } }
  - { kind: rfid-reader, driver: 3m-810, path: /dev/ttyUSB1 }
  - { kind: rfid-reader, driver: rl866, host: 10.0.0.7, security: { mode: both }, easCheck: true }
`;
    const usual = { mode: 'afi', inStock: 0x07, onLoan: 0xc2, accept: { inStock: [], onLoan: [] } };
    expect(accepted(`${smallest}${devices}`).devices).toMatchObject([
      {
        driver: 'feig-obid',
        path: '/dev/ttyS0',
        baudRate: 38_400,
        parity: 'even',
        frames: 'standard',
        easCheck: false,
        security: { ...usual, inStock: 0xda, onLoan: 0xd7, accept: { inStock: [0x07], onLoan: [] } },
      },
      { driver: '3m-810', baudRate: 19_200, parity: 'none', security: usual },
      {
        driver: 'rl866',
        host: '10.0.0.7',
        port: 10_001,
        security: { ...usual, mode: 'both' },
        easCheck: true,
      },
    ]);
  });

  it.each([
    ['neither path nor host', '{ kind: rfid-reader, driver: rl866 }', 'devices[0]'],
    ['both path and host', '{ kind: rfid-reader, driver: rl866, path: /dev/x, host: pad }', 'devices[0]'],
    [
      'one mark for both',
      '{ kind: rfid-reader, driver: rl866, path: /dev/x, security: { inStock: 0xC2 } }',
      'devices[0].security',
    ],
    [
      'a key of another driver',
      '{ kind: rfid-reader, driver: 3m-810, path: /dev/x, easCheck: true }',
      'devices[0].easCheck',
    ],
    [
      'no AFI',
      '{ kind: rfid-reader, driver: 3m-810, path: /dev/x, security: { onLoan: 300 } }',
      'devices[0].security.onLoan',
    ],
  ])('refuses an RFID reader with %s', (_what, device, key) => {
    expect(refused(`${smallest}devices:\n  - ${device}\n`).map((problem) => problem.key)).toEqual([key]);
  });

  it('is told with all that is wrong at once', () => {
    const text = `${smallest}  pord: 1\n  transport: serial\ndata: { settledDays: 731 }\n`;
    expect(refused(text).map((problem) => problem.key)).toEqual([
      'acs.transport',
      'acs.pord',
      'data.settledDays',
    ]);
  });

  it('reads as one sentence with its place', () => {
    const [problem] = refused(`${smallest}  port: 70000\n`);
    expect(problem && problemSentence(problem)).toBe(
      'station.yaml:7: acs.port: expected a whole number from 1 to 65535, found the number 70000',
    );
  });
});

describe('plain TCP', () => {
  it.each(['127.0.0.1', '127.8.9.10', 'localhost', '::1'])('needs no reason to %s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });
  it.each(['10.0.0.1', '127.0.0.1.example.org', 'localhost.example.org', '0.0.0.0', '::'])(
    'needs one to %s',
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );
  it('is accepted with one', () => {
    const text = smallest.replace('127.0.0.1', 'acs.example.org\n  plainTcp: tunnelled');
    expect(accepted(text).acs.plainTcp).toBe('tunnelled');
  });
});

describe('a secret', () => {
  const withLogin = (password: string) => `${smallest}  login: { user: u, password: ${password} }\n`;
  const secret = 's3cr3t-value';

  it('comes from the environment', () => {
    const sources = { ...nothing, env: (name: string) => (name === 'ACS_PASSWORD' ? secret : undefined) };
    expect(accepted(withLogin('"${env:ACS_PASSWORD}"'), sources).acs.login?.password).toBe(secret);
  });

  it('comes from a file, without its last line end', () => {
    const sources = {
      ...nothing,
      file: (path: string) => (path === '/run/secrets/acs' ? `${secret}\r\n` : ''),
    };
    expect(accepted(withLogin('"${file:/run/secrets/acs}"'), sources).acs.login?.password).toBe(secret);
  });

  it('that is not there is told', () => {
    expect(refused(withLogin('"${env:ACS_PASSWORD}"'))).toEqual([
      {
        file: 'station.yaml',
        line: 7,
        key: 'acs.login.password',
        expected: 'the environment variable ACS_PASSWORD to be set',
        found: 'none of that name',
      },
    ]);
    expect(refused(withLogin('"${file:/nope}"'))[0]?.expected).toBe('the file /nope to be readable');
  });

  it.each([
    ['a wrong secret of the file', withLogin(`"${secret}|"`), nothing],
    ['a wrong secret of the environment', withLogin('"${env:X}"'), { ...nothing, env: () => `${secret}|` }],
    [
      'a secret in a place for something else',
      `${smallest}  port: "\${env:X}"\n`,
      { ...nothing, env: () => secret },
    ],
    ['a secret that breaks the YAML', withLogin(`*${secret}`), nothing],
    ['a secret that breaks the YAML in another way', withLogin(`"${secret}`), nothing],
    ['a secret with a tag', withLogin(`!${secret} x`), nothing],
    ['a secret under a misspelt key', `${smallest}  terminalPasword: ${secret}\n`, nothing],
  ])('is never repeated: %s', (_what, text, sources) => {
    expect(JSON.stringify(refused(text, sources))).not.toContain(secret);
  });
});

describe('a file', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'omatoimi-config-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function load(content: string | Uint8Array, env: Record<string, string> = {}) {
    writeFileSync(join(folder, 'station.yaml'), content);
    return loadConfig(join(folder, 'station.yaml'), env);
  }

  it('gives its folder to the paths in it', () => {
    writeFileSync(join(folder, 'acs.secret'), 'x y\n');
    const text = `${smallest}  terminalPassword: "\${file:acs.secret}"\ndata: { directory: ./data }\n`;
    const result = load(text);
    expect(result.ok && result.value.data.directory).toBe(join(folder, 'data'));
    expect(result.ok && result.value.acs.terminalPassword).toBe('x y');
  });

  it('takes the environment that it is given', () => {
    const result = load(`${smallest}  terminalPassword: "\${env:TP}"\n`, { TP: 'abc' });
    expect(result.ok && result.value.acs.terminalPassword).toBe('abc');
  });

  it.each([
    ['is not there', () => loadConfig('/nowhere/station.yaml', {}), 'no such file'],
    ['is a folder', () => loadConfig(tmpdir(), {}), 'a folder'],
    ['is no text', () => load(Uint8Array.of(0xff, 0xfe, 0x00)), 'bytes that are no UTF-8'],
    [
      'is far too long',
      () => load('#'.repeat(configBytesMax + 1)),
      `a file of more than ${configBytesMax} bytes`,
    ],
  ])('that %s is refused', (_what, run, found) => {
    const result = run();
    expect(!result.ok && result.error).toEqual([
      expect.objectContaining({ line: undefined, key: '', found }),
    ]);
  });
});

describe('any text', () => {
  it('gives a configuration or problems, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const result = parseConfig(text, 'f', nothing);
        expect(result.ok || result.error.length > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('that is a right one with a wound, too', () => {
    const wound = fc.record({
      at: fc.nat(ofTheDesign.length),
      cut: fc.nat(12),
      put: fc.string({ maxLength: 6 }),
    });
    fc.assert(
      fc.property(wound, ({ at, cut, put }) => {
        const result = parseConfig(
          ofTheDesign.slice(0, at) + put + ofTheDesign.slice(at + cut),
          'f',
          nothing,
        );
        expect(
          result.ok || result.error.every((problem) => problem.expected !== '' && problem.found !== ''),
        ).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('that is any JSON under our keys, too', () => {
    const keys = fc.constantFrom(
      'library',
      'acs',
      'devices',
      'patron',
      'services',
      'identifiers',
      'data',
      'shell',
      '__proto__',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(keys, fc.json({ maxDepth: 4 })), { maxLength: 6 }), (entries) => {
        const unique = new Map(entries);
        const text = ['configVersion: 1', ...[...unique].map(([key, json]) => `${key}: ${json}`)].join('\n');
        expect(parseConfig(text, 'f', nothing).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('nested without end is refused', () => {
    expect(refused('['.repeat(100_000)).length).toBeGreaterThan(0);
    expect(refused(`configVersion: ${'{a: '.repeat(50_000)}`).length).toBeGreaterThan(0);
  });
});
