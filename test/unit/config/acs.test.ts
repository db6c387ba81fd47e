import { beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/station/config/load.ts';
import type { StationConfig } from '../../../src/station/config/schema.ts';
import { clientIdentity, privateAuthority, type Identity } from '../../support/certificates.ts';

let authority: Identity;
let station: Identity;
let stranger: Identity;

beforeAll(async () => {
  authority = await privateAuthority();
  station = await clientIdentity(authority);
  stranger = await clientIdentity(authority, 'stranger');
}, 60_000);

function parsed(acs: string): ReturnType<typeof parseConfig> {
  const files: Readonly<Record<string, string>> = {
    'ca.pem': authority.certificate,
    'station.pem': station.certificate,
    'station.key': station.key,
    'stranger.key': stranger.key,
    'words.txt': 'no certificate',
  };
  const text = `configVersion: 1\nlibrary: { institutionId: X, name: { en: X } }\nacs:\n${acs}`;
  return parseConfig(text, 'station.yaml', {
    env: () => undefined,
    file: (path) => {
      const found = files[path];
      if (found === undefined) throw new Error('no such file');
      return found;
    },
  });
}

function accepted(acs: string): StationConfig['acs'] {
  const result = parsed(acs);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value.acs;
}

function keys(acs: string): readonly string[] {
  const result = parsed(acs);
  return result.ok ? [] : result.error.map(({ key }) => key);
}

const login = '  login: { user: u, password: p }\n';
const https = `  transport: https\n  host: fbs.example\n  port: 443\n${login}`;

describe('TLS', () => {
  it('to another machine needs no word about plain TCP', () => {
    expect(accepted('  transport: tls\n  host: acs.example\n').transport).toBe('tls');
    expect(keys('  transport: tcp\n  host: acs.example\n')).toEqual(['acs.plainTcp']);
  });

  it('with its own authority, certificate, key and name, from files', () => {
    const tls =
      '  tls: { ca: "${file:ca.pem}", certificate: "${file:station.pem}", key: "${file:station.key}", serverName: acs }\n';
    expect(accepted(`  transport: tls\n  host: 10.0.0.5\n${tls}`).tls).toEqual({
      ca: authority.certificate.trimEnd(),
      certificate: station.certificate.trimEnd(),
      key: station.key.trimEnd(),
      serverName: 'acs',
    });
  });

  it.each([
    ['ca: "${file:words.txt}"', 'acs.tls.ca'],
    ['ca: "${file:gone.pem}"', 'acs.tls.ca'],
    ['certificate: "${file:station.pem}"', 'acs.tls.key'],
    ['certificate: "${file:station.pem}", key: "${file:stranger.key}"', 'acs.tls.key'],
    ['verify: false', 'acs.tls.verify'],
  ])('{ %s } is refused at %s', (tls, key) => {
    expect(keys(`  transport: tls\n  host: acs.example\n  tls: { ${tls} }\n`)).toEqual([key]);
  });

  it('a key is not repeated in a refusal', () => {
    const tls = 'certificate: "${file:station.pem}", key: "${file:stranger.key}"';
    const result = parsed(`  transport: tls\n  host: acs.example\n  tls: { ${tls} }\n`);
    expect(JSON.stringify(result)).not.toContain('PRIVATE KEY');
  });

  it('certificates mean nothing to plain TCP', () => {
    expect(keys('  host: 127.0.0.1\n  tls: { serverName: acs }\n')).toEqual(['acs.tls']);
  });
});

describe('HTTPS', () => {
  it('needs a path and a log-in', () => {
    expect(accepted(`${https}  https: { path: /rest/sip2/DK-775100 }\n`).https).toEqual({
      path: '/rest/sip2/DK-775100',
      namespace: 'http://axiell.com/Schema/sip.xsd',
    });
    expect(keys('  transport: https\n  host: fbs.example\n')).toEqual(['acs.https', 'acs.login']);
    expect(keys(`${https}  https: { path: rest }\n`)).toEqual(['acs.https.path']);
  });

  it('is UTF-8 and knows no telnet', () => {
    const path = '  https: { path: /sip }\n';
    expect(keys(`${https}${path}  charset: cp850\n`)).toEqual(['acs.charset']);
    expect(keys(`${https}${path}  telnet: { user: u, password: p }\n`)).toEqual(['acs.telnet']);
  });
});

describe('the rest', () => {
  const host = '  host: 127.0.0.1\n';

  it('character sets by their names', () => {
    for (const name of ['utf-8', 'iso-8859-2', 'iso-8859-15', 'cp850', 'cp852', 'windows-1250', 'cp437']) {
      expect(accepted(`${host}  charset: ${name}\n`).charset).toBe(name);
    }
    for (const name of ['klingon', 'utf-16', 'base64']) {
      expect(keys(`${host}  charset: ${name}\n`)).toEqual(['acs.charset']);
    }
  });

  it('telnet prompts', () => {
    expect(accepted(`${host}  telnet: { user: koha, password: x }\n`).telnet).toEqual({
      user: 'koha',
      password: 'x',
      userPrompt: 'login:',
      passwordPrompt: 'password:',
    });
  });

  it('planned rests', () => {
    expect(
      accepted(`${host}  downTimes: [{ from: "01:00", to: "03:30", days: [sat, sun] }]\n`).downTimes,
    ).toEqual([{ from: '01:00', to: '03:30', days: ['sat', 'sun'] }]);
    expect(keys(`${host}  downTimes: [{ from: "25:00", to: "03:30" }]\n`)).toEqual(['acs.downTimes[0].from']);
    expect(keys(`${host}  downTimes: [{ from: "01:00", to: "01:00" }]\n`)).toEqual(['acs.downTimes[0]']);
  });
});
