import { describe, expect, test } from 'vitest';
import file from '../../fixtures/sip2-over-https.json' with { type: 'json' };
import { decode, firstField } from '../../../src/sip2/decode.ts';
import { dialectOf } from '../../../src/sip2/dialect.ts';
import { encodeParts, type EncodeError } from '../../../src/sip2/encode.ts';
import { readHttpsReply } from '../../../src/sip2/https-reply.ts';
import { readSipXml, sipNamespaceDefault, writeSipXml, xmlBytesMax } from '../../../src/sip2/sip-xml.ts';

const requests = file.requests_bibbox.items;
const replies = file.responses_fbs_recorded.items;
const errors = file.responses_errors;

function dialectOfFbs() {
  const made = dialectOf({ delimiterAfterFixed: true });
  if (!made.ok) throw new Error(made.error.kind);
  return made.value;
}

function messageIn(body: string): string {
  const xml = readSipXml(Buffer.from(body));
  if (!('text' in xml)) throw new Error(xml.kind);
  return xml.text;
}

describe('requests of bibbox', () => {
  test('there are 15', () => expect(requests).toHaveLength(15));

  test.each(requests.map((one) => [one.name, one] as const))('%s is read', (_name, { xml, sip2 }) => {
    // XML takes a CR for a line feed (XML 1.0, section 2.11).
    expect(messageIn(xml)).toBe(sip2.replaceAll('\r', '\n'));
    expect(readSipXml(Buffer.from(xml))).toMatchObject({ kind: 'request' });
  });

  test.each(requests.map((one) => [one.name, one] as const))(
    '%s in our envelope is the same to any reader',
    (_name, { xml, sip2 }) => {
      const read = readSipXml(Buffer.from(xml));
      if (read.kind !== 'request') throw new Error(read.kind);
      const { login = '', password = '' } = read;
      const ours = writeSipXml(Buffer.from(`${sip2}\r`), { namespace: sipNamespaceDefault, login, password });
      const text = ours.toString();
      expect(text).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?><ns1:sip xmlns:ns1="http:/);
      // No white space around the message.
      expect(text).toContain(`<request>${sip2.slice(0, 2)}`);
      expect(text).toMatch(/\S<\/request><\/ns1:sip>$/);
      expect(readSipXml(ours)).toEqual(read);
    },
  );

  /** What bibbox sends and SIP2 has not; of the delimiter within a PIN the bytes alone do not tell. */
  const unwritable: readonly (readonly [part: string, error: EncodeError])[] = [
    ['libraryStatus', { kind: 'form', field: 'maxPrintWidth' }],
    ['blockPatron', { kind: 'missing', field: 'AC' }],
    ['CR in item id', { kind: 'character', field: 'AB' }],
  ];
  const writable = requests.filter(({ name }) => !unwritable.some(([part]) => name.includes(part)));

  test.each(writable.map((one) => [one.name, one.sip2] as const))(
    '%s is written by the dialect of FBS, byte for byte',
    (_name, sip2) => {
      const dialect = dialectOfFbs();
      const { code, fixed, fields } = readRequest(sip2);
      const written = encodeParts({ code, fixed, fields }, { dialect });
      expect(written.ok ? written.value.toString() : written.error).toBe(`${sip2}\r`);
    },
  );

  test.each(unwritable)('%s is refused by its field', (part, error) => {
    const found = requests.filter(({ name }) => name.includes(part));
    expect(found.length).toBeGreaterThan(0);
    for (const { sip2 } of found) {
      expect(encodeParts(readRequest(sip2), { dialect: dialectOfFbs() })).toEqual({ ok: false, error });
    }
  });

  /** The request apart. In a 63 the delimiter stands in the last place of the summary. */
  function readRequest(sip2: string): {
    readonly code: string;
    readonly fixed: Record<string, string>;
    readonly fields: readonly (readonly [string, string])[];
  } {
    const message = decode(Buffer.from(sip2), { dialect: dialectOfFbs() });
    if (message.code === undefined) throw new Error('no message');
    const fixed: Record<string, string> = { ...message.fixed };
    if (message.code === '63') fixed['summary'] = `${'Y'.repeat(9)} `;
    return { code: message.code, fixed, fields: message.fields };
  }
});

describe('replies', () => {
  test.each(replies.map((one, index) => [index, one] as const))('recorded %i is a message', (_index, one) => {
    const reply = readHttpsReply(one.status, Buffer.from(one.body));
    if (reply.kind !== 'message') throw new Error(reply.reason);
    const text = /<response>(.*)<\/response>/.exec(one.body)?.[1] ?? '';
    expect(reply.line.toString()).toBe(`${text}\r`);
    const message = decode(reply.line, { dialect: dialectOfFbs() });
    expect(message.code).toBe(text.slice(0, 2));
    expect(firstField(message, 'AO')).toBe('DK-775100');
  });

  test.each([
    [
      'an error element',
      200,
      errors[0]?.body,
      /^the server reports an error: Required field: LOGIN_PASSWORD/,
      'login',
    ],
    ['an exception of FBS', 200, errors[1]?.body, /OPTIMISTIC_LOCK_VIOLATION/, undefined],
    [
      'an exception with its status',
      500,
      errors[1]?.body,
      /^HTTP 500, OPTIMISTIC_LOCK_VIOLATION$/,
      undefined,
    ],
    ['words that are no SIP2', 200, errors[2]?.body, /no message of SIP2/, undefined],
    ['an empty response', 200, '<ns1:sip xmlns:ns1="x"><response/></ns1:sip>', /gave nothing/, undefined],
    ['a response of blanks', 200, '<s:sip><response> \n </response></s:sip>', /gave nothing/, undefined],
    ['a refused log-in', 200, '<s:sip><response>940</response></s:sip>', /refused the log-in/, 'login'],
    ['a bad request', 400, 'Missing login', /^HTTP 400: address or path/, 'terminal'],
    ['not found', 404, 'Not Found', /^HTTP 404/, 'terminal'],
    ['a redirect', 301, '', /^HTTP 301/, 'terminal'],
    ['unauthorised', 401, 'no', /^HTTP 401/, 'login'],
    ['too many requests', 429, 'slow down', /^HTTP 429$/, undefined],
    ['a bad gateway', 502, '<html><body>Bad Gateway<br></body></html>', /^HTTP 502$/, undefined],
    ['a page', 200, '<html><body>It works!<br></body></html>', /not XML/, undefined],
    ['nothing', 200, '', /not XML/, undefined],
    ['text', 200, 'Internal Server Error', /not XML/, undefined],
    ['other XML', 200, '<html><body>It works!</body></html>', /XML without a SIP2 message/, undefined],
    ['two children', 200, '<sip><response>98</response><error/></sip>', /XML without/, undefined],
    ['a request', 200, '<sip><request>99</request></sip>', /XML without/, undefined],
    [
      'a bomb of entities',
      200,
      '<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY c "&a;&a;&a;&a;">]><sip><response>&c;</response></sip>',
      /document type/,
      undefined,
    ],
    [
      'an entity from outside',
      200,
      '<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]><sip><response>98&a;</response></sip>',
      /document type/,
      undefined,
    ],
    ['an entity that nobody declared', 200, '<sip><response>98&a;</response></sip>', /not XML/, undefined],
    ['tags that cross', 200, '<sip><response>98</sip></response>', /not XML/, undefined],
  ] as const)('%s', (_what, status, body, reason, refused) => {
    const reply = readHttpsReply(status, Buffer.from(body ?? ''));
    if (reply.kind !== 'failed') throw new Error('it was taken for a message');
    expect(reply.reason).toMatch(reason);
    expect(reply.end.refused).toBe(refused);
  });

  test('a reply that was cut at 8,192 bytes, outside or inside the envelope', () => {
    const whole = `<sip><response>64${'AU1|'.repeat(3_000)}</response></sip>`;
    const cut = readHttpsReply(200, Buffer.from(whole.slice(0, 8_192)));
    expect(cut).toMatchObject({ kind: 'failed', reason: 'the reply was cut at 8192 bytes' });
    const inside = `<sip><response>${`64${'AU1|'.repeat(3_000)}`.slice(0, 8_192)}</response></sip>`;
    expect(readHttpsReply(200, Buffer.from(inside))).toEqual(cut);
    expect(readHttpsReply(200, Buffer.from(whole)).kind).toBe('message');
  });

  test.each([
    ['another prefix', '<a:sip xmlns:a="urn:x"><response>98Y|</response></a:sip>'],
    ['no prefix', '<sip><response>98Y|</response></sip>'],
    ['a qualified child', '<a:sip xmlns:a="urn:x"><a:response>98Y|</a:response></a:sip>'],
    ['printed prettily', '<?xml version="1.0"?>\n<sip>\n  <response>\r\n    98Y|\r\n  </response>\n</sip>\n'],
    ['CDATA', '<sip><response><![CDATA[98Y|]]></response></sip>'],
    ['a comment within', '<sip><!-- x --><response>98<!-- y -->Y|</response></sip>'],
    ['references', '<sip><response>9&#56;&#x59;|</response></sip>'],
    ['a byte order mark', '\ufeff<sip><response>98Y|</response></sip>'],
  ])('%s is as good', (_what, body) => {
    const reply = readHttpsReply(200, Buffer.from(body));
    expect(reply.kind === 'message' ? reply.line.toString() : reply.reason).toBe('98Y|\r');
  });

  test('letters, also in Latin-1, and the five entities', () => {
    const body = '<sip><response>98AFæøå &amp; &lt;b&gt; &quot;&apos;|</response></sip>';
    const line = (bytes: Buffer): string => {
      const reply = readHttpsReply(200, bytes);
      return reply.kind === 'message' ? reply.line.toString() : reply.reason;
    };
    expect(line(Buffer.from(body))).toBe('98AFæøå & <b> "\'|\r');
    expect(line(Buffer.from(body, 'latin1'))).toBe('98AFæøå & <b> "\'|\r');
  });

  test('numbers in the words of an error are not told: they may be a card’s', () => {
    const reply = readHttpsReply(200, Buffer.from('<sip><error>Patron 3210000000 is gone</error></sip>'));
    expect(reply).toMatchObject({ reason: 'the server reports an error: Patron # is gone' });
  });

  test('more than a megabyte is not even looked at', () => {
    const body = Buffer.alloc(xmlBytesMax + 1, 0x20);
    expect(readSipXml(body)).toEqual({ kind: 'notXml' });
  });
});
