import { describe, expect, test } from 'vitest';
import { usualBehaviour, type AcsBehaviour } from '../../../src/simulator/acs/behaviour.ts';
import type { LibraryRules } from '../../../src/simulator/acs/library.ts';
import { Sip2Session } from '../../../src/simulator/acs/sip2-session.ts';
import { dialectOf } from '../../../src/sip2/dialect.ts';
import { Faults, type Fault } from '../../../src/simulator/acs/faults.ts';
import { newLibrary, noon } from './fixture-library.ts';

/*
 * Every message here is written by hand from the standard (3M SIP 2.00, document revision 2.12), so that our own
 * encoder can't vouch for itself.
 */

const now = '20261122    120000';
const unused = ' '.repeat(18);

function connect(behaviour: Partial<AcsBehaviour> = {}, rules: Partial<LibraryRules> = {}) {
  const library = newLibrary(rules);
  const session = new Sip2Session(library, { ...usualBehaviour(), ...behaviour });
  const say = (text: string, at = noon) =>
    session.receive(Buffer.from(text, 'utf8'), at).map((bytes) => Buffer.from(bytes).toString('utf8'));
  const ask = (text: string, at = noon) => {
    const answers = say(`${text}\r`, at);
    expect(answers).toHaveLength(1);
    return answers[0] ?? '';
  };
  return { library, session, say, ask };
}

/** AZ by the rule of the standard: all bytes and the checksum come to zero in 16 bits. */
function detected(text: string, sequence?: number): string {
  const head = `${text}${sequence === undefined ? '' : `AY${sequence}`}AZ`;
  const sum = Buffer.from(head, 'utf8').reduce((total, byte) => total + byte, 0);
  return `${head}${(0x10000 - (sum % 0x10000)).toString(16).toUpperCase().padStart(4, '0')}\r`;
}

describe('each exchange', () => {
  test.each([
    ['log-in', '9300CNscclient|COclientpwd|CPfoyer|', '941\r'],
    ['SC status', '9900802.00', `98YYYYNY100003${now}2.00AOTEST|AMTestikirjasto|BXYYYNYYYYYYYNNYYY|\r`],
    [
      'patron status',
      `23007${now}AOTEST|AAann|AC|AD1234|`,
      `24              007${now}AOTEST|AAann|AEAnn|BLY|CQY|BHEUR|BV0.00|\r`,
    ],
    [
      'patron status, PIN wrong',
      `23007${now}AOTEST|AAann|AC|AD4321|`,
      `24              007${now}AOTEST|AAann|AEAnn|BLY|CQN|BHEUR|BV0.00|AFInvalid PIN.|\r`,
    ],
    [
      'patron status, PIN empty',
      `23007${now}AOTEST|AAann|AC|AD|`,
      `24              007${now}AOTEST|AAann|AEAnn|BLY|CQN|BHEUR|BV0.00|AFInvalid PIN.|\r`,
    ],
    [
      'patron status, card unknown',
      `23007${now}AOTEST|AAwho|AC|AD1234|`,
      `24YYYY          000${now}AOTEST|AAwho|AE|BLN|AFUnknown patron.|\r`,
    ],
    [
      'patron information without a list',
      `63007${now}          AOTEST|AAann|AD1234|`,
      `64              007${now}000000000000000000000000AOTEST|AAann|AEAnn|BZ0030|CA0001|CB0004|BLY|CQY|BHEUR|BV0.00|CC10.00|BDStreet 1|BEann@example.org|\r`,
    ],
    [
      'patron information, no PIN sent',
      `63007${now}          AOTEST|AAben|`,
      `64              000${now}000000000001000000000000AOTEST|AAben|AEBen|BZ0030|CA0001|CB0004|BLY|BHEUR|BV0.00|CC10.00|\r`,
    ],
    [
      'patron information, blocked by a fine, with its list',
      `63001${now}   Y      AOTEST|AAfined|AD1|`,
      `64YY        Y   000${now}000000000000000100000000AOTEST|AAfined|AEFined|BZ0030|CA0001|CB0004|BLY|CQY|BHEUR|BV10.01|CC10.00|AV10.01 EUR Overdue: x|AFOutstanding fines exceed the limit.|\r`,
    ],
    [
      'patron information, card unknown',
      `63001${now}  Y       AOTEST|AAwho|AD1|`,
      `64YYYY          000${now}000000000000000000000000AOTEST|AAwho|AE|BLN|AFUnknown patron.|\r`,
    ],
    [
      'checkout',
      `11NN${now}${unused}AOTEST|AAann|ABbook|AC|`,
      `121NNY${now}AOTEST|AAann|ABbook|AJA Book|AH20261220    235900|CK001|\r`,
    ],
    [
      'checkout for the reading room: the gate stays on',
      `11NN${now}${unused}AOTEST|AAann|ABreading|AC|`,
      `121NNN${now}AOTEST|AAann|ABreading|AJReading Room|AH20261220    235900|CK001|\r`,
    ],
    [
      'checkout of magnetic media',
      `11NN${now}${unused}AOTEST|AAann|ABtape|AC|`,
      `121NYY${now}AOTEST|AAann|ABtape|AJTape|AH20261206    235900|CK004|\r`,
    ],
    [
      'checkout that costs something',
      `11NN${now}${unused}AOTEST|AAann|ABcostly|AC|BON|`,
      `120NNN${now}AOTEST|AAann|ABcostly|AJCostly|AH|BT06|BHEUR|BV2.00|CK000|AFThere is a fee for this item.|\r`,
    ],
    [
      'checkout, refused',
      `11NN${now}${unused}AOTEST|AAann|ABtaken|AC|`,
      `120NNN${now}AOTEST|AAann|ABtaken|AJTaken|AH|CK001|AFItem is checked out to another patron.|\r`,
    ],
    [
      'checkout of an unknown item',
      `11NN${now}${unused}AOTEST|AAann|ABwhat|AC|`,
      `120NUN${now}AOTEST|AAann|ABwhat|AJ|AH|AFItem not found.|\r`,
    ],
    [
      'checkin',
      `09N${now}${unused}APfoyer|AOTEST|ABtaken|AC|`,
      `101YNN${now}AOTEST|ABtaken|AQMain|AJTaken|CL1|AAben|CK001|\r`,
    ],
    [
      'checkin of what nobody had',
      `09N${now}${unused}APfoyer|AOTEST|ABbook|AC|`,
      `100YNY${now}AOTEST|ABbook|AQMain|AJA Book|CL1|CK001|AFItem not checked out.|CV99|\r`,
    ],
    [
      'checkin of an unknown item',
      `09N${now}${unused}APfoyer|AOTEST|ABwhat|AC|`,
      `100NUY${now}AOTEST|ABwhat|AQ|AFItem not found.|CV99|\r`,
    ],
    [
      'checkin of what someone waits for: alert, destination, and who',
      `09N${now}${unused}APfoyer|AOTEST|ABqueued|AC|`,
      `100YNY${now}AOTEST|ABqueued|AQMain|AJQueued|CL1|CK001|AFItem not checked out.|AFItem goes to the hold shelf.|CV01|CTMain|CYholder|DAHolder|\r`,
    ],
    [
      'renewal',
      `29NN${now}${unused}AOTEST|AAben|ABtaken|`,
      `301YNY${now}AOTEST|AAben|ABtaken|AJTaken|AH20261220    235900|CK001|\r`,
    ],
    [
      'renewal by title',
      `29NN${now}${unused}AOTEST|AAben|AJTaken|`,
      `301YNY${now}AOTEST|AAben|ABtaken|AJTaken|AH20261220    235900|CK001|\r`,
    ],
    [
      'renewal, refused',
      `29NN${now}${unused}AOTEST|AAann|ABtaken|`,
      `300NNN${now}AOTEST|AAann|ABtaken|AJTaken|AH|CK001|AFItem is not checked out to this patron.|\r`,
    ],
    [
      'item on its shelf',
      `17${now}AOTEST|ABbook|`,
      `18030001${now}ABbook|AJA Book|BGMain|CK001|AQMain|APMain|\r`,
    ],
    [
      'item on loan: says until when, not to whom',
      `17${now}AOTEST|ABtaken|`,
      `18040001${now}AH20261125    235900|ABtaken|AJTaken|BGMain|CK001|AQMain|APMain|\r`,
    ],
    [
      'item on the hold shelf',
      `17${now}AOTEST|ABshelved|`,
      `18080001${now}CM20261127    235900|ABshelved|AJShelved|BGMain|CK001|AQMain|APMain|\r`,
    ],
    [
      'item that someone waits for',
      `17${now}AOTEST|ABqueued|`,
      `18030001${now}CF1|ABqueued|AJQueued|BGMain|CK001|AQMain|APMain|\r`,
    ],
    ['item that is not there', `17${now}AOTEST|ABwhat|`, `18010001${now}ABwhat|AJ|\r`],
    ['end of session', `35${now}AOTEST|AAann|`, `36Y${now}AOTEST|AAann|\r`],
  ])('%s', (_, request, answer) => {
    expect(connect().ask(request)).toBe(answer);
  });

  test.each([
    ['ordered', '02'],
    ['process', '06'],
    ['reshelve', '09'],
    ['transit', '10'],
    ['claimed', '11'],
    ['lost', '12'],
    ['missing', '13'],
  ])('item information: %s has circulation status %s', (item, status) => {
    expect(connect().ask(`17${now}AOTEST|AB${item}|`).slice(0, 4)).toBe(`18${status}`);
  });
});

describe('lists of patron information', () => {
  const charged = (range: string) =>
    connect()
      .ask(`63000${now}  Y       AOTEST|AAfull|AD1|${range}`)
      .split('|')
      .filter((field) => field.startsWith('AU'));

  test.each([
    ['', ['AUfull1', 'AUfull2', 'AUfull3', 'AUfull4']],
    ['BP1|BQ2|', ['AUfull1', 'AUfull2']],
    ['BP00003|BQ00004|', ['AUfull3', 'AUfull4']],
    ['BP2|', ['AUfull2', 'AUfull3', 'AUfull4']],
    ['BP4|BQ9999|', ['AUfull4']],
    ['BP5|BQ9|', []],
    ['BPx|BQ|', ['AUfull1', 'AUfull2', 'AUfull3', 'AUfull4']],
  ])('range %j', (range, items) => {
    expect(charged(range)).toEqual(items);
  });

  test.each([
    ['holder', 'Y         ', ['ASshelved']],
    ['late', ' Y        ', ['ATlate1', 'ATlate2']],
    ['late', '  Y       ', ['AUlate1', 'AUlate2']],
    ['owing', '   Y      ', ['AV10.01 EUR Lost: x']],
    ['holder', '    Y     ', []],
    ['holder', '     Y    ', ['CDqueued', 'CDtravels']],
    ['late', ' YY       ', ['ATlate1', 'ATlate2']],
  ])('of %s with summary %j', (card, summary, expected) => {
    const fields = connect().ask(`63000${now}${summary}AOTEST|AA${card}|`).split('|');
    expect(fields.filter((field) => /^(AS|AT|AU|AV|BU|CD)/.test(field))).toEqual(expected);
  });

  test('all six counts come whatever is asked', () => {
    expect(connect().ask(`63000${now}          AOTEST|AAholder|`).slice(37, 61)).toBe(
      '000100000000000000000002',
    );
    expect(connect().ask(`63000${now}          AOTEST|AAlate|`).slice(37, 61)).toBe(
      '000000020002000000000000',
    );
  });
});

describe('the wire', () => {
  test('a message in pieces, and two messages in one piece', () => {
    const { say } = connect();
    expect(say('99008')).toEqual([]);
    expect(say('02.0')).toEqual([]);
    expect(say(`0\r17${now}AOTEST|ABbook|\r`)).toHaveLength(2);
  });

  test('line feeds between messages are nothing', () => {
    const { say } = connect();
    expect(say(`17${now}AOTEST|ABbook|\r\n17${now}AOTEST|ABbook|\r\n`)).toHaveLength(2);
  });

  test('CR LF at the end where the dialect says so', () => {
    const dialect = dialectOf({ terminator: 'CRLF' });
    expect(dialect.ok && connect({ dialect: dialect.value }).ask('9300CNx|COy|')).toBe('941\r\n');
  });

  test('a character set without a letter gets a question mark for it', () => {
    const dialect = dialectOf({ charset: 'ascii' });
    const { library, say } = connect(dialect.ok ? { dialect: dialect.value } : {});
    library.state.items.set('book', {
      ...(library.state.items.get('book2') ?? expect.fail('the fixture has it')),
      data: { item: 'book', title: 'Seitsemän', type: 'book' },
    });
    expect(say(`17${now}AOTEST|ABbook|\r`)[0]).toContain('|AJSeitsem?n|');
  });

  test('a bar in a title is written as Koha does', () => {
    const { library, ask } = connect();
    library.state.items.set('book', {
      ...(library.state.items.get('book2') ?? expect.fail('the fixture has it')),
      data: { item: 'book', title: 'This | That\rOther', type: 'book' },
    });
    expect(ask(`17${now}AOTEST|ABbook|`)).toContain('|AJThis &#124; That Other|');
  });

  test('an endless message ends the connection', () => {
    const { session, say } = connect();
    expect(say('17'.padEnd(70_000, 'x'))).toEqual([]);
    expect(session.ended).toBe(true);
    expect(say('\r9900802.00\r')).toEqual([]);
  });

  test.each(['42', '', 'xy', `25${now}AOTEST|AAann|`])('%j is ignored', (text) => {
    expect(connect().say(`${text}\r`)).toEqual([]);
  });
});

describe('error detection', () => {
  test('the guide’s own example is right, and the answer carries its number', () => {
    const [answer] = connect().say('9900802.00AY1AZFCA0\r');
    expect(answer).toBe(detected(`98YYYYNY100003${now}2.00AOTEST|AMTestikirjasto|BXYYYNYYYYYYYNNYYY|`, 1));
  });

  test('is off again for an answer to a message without it', () => {
    const { ask } = connect();
    expect(ask('9900802.00AY1AZFCA0')).toContain('AY1AZ');
    expect(ask('9900802.00')).not.toContain('AZ');
  });

  test('a wrong checksum is answered with 96 and does nothing', () => {
    const { say, library } = connect();
    const request = detected(`11NN${now}${unused}AOTEST|AAann|ABbook|AC|`, 3);
    expect(say(request.replace('ABbook', 'ABbooj'))).toEqual(['96AZFEF6\r']);
    expect(library.ledger.count).toBe(0);
  });

  test('97 repeats the last answer, without doing it again', () => {
    const { say, library } = connect();
    const answer = say(detected(`11NN${now}${unused}AOTEST|AAann|ABbook|AC|`, 3));
    expect(answer).toHaveLength(1);
    expect(say('97AZFEF5\r')).toEqual(answer);
    expect(library.ledger.count).toBe(1);
  });

  test('97 before anything is answered with 96', () => {
    expect(connect().say('97AZFEF5\r')).toEqual(['96AZFEF6\r']);
    expect(connect().say('97\r')).toEqual(['96\r']);
  });

  test('a request repeated byte for byte is carried out AGAIN, as Koha and the Perl ACS do', () => {
    const { say, library } = connect();
    const checkout = detected(`11NN${now}${unused}AOTEST|AAann|ABbook|AC|`, 3);
    expect(say(checkout)[0]?.slice(0, 6)).toBe('121NNY');
    expect(say(checkout)[0]?.slice(0, 6)).toBe('121YNY');
    const checkin = detected(`09N${now}${unused}APfoyer|AOTEST|ABbook|AC|`, 4);
    expect(say(checkin)[0]?.slice(0, 3)).toBe('101');
    expect(say(checkin)[0]?.slice(0, 3)).toBe('100');
    expect(library.ledger.entries.map(({ effect, repeat }) => [effect, repeat])).toEqual([
      ['checkout', false],
      ['renewal', true],
      ['checkin', false],
      ['checkinNotCharged', true],
    ]);
  });

  test('an ACS that follows the standard repeats its answer instead', () => {
    const { say, library } = connect({ deduplicates: true });
    const checkout = detected(`11NN${now}${unused}AOTEST|AAann|ABbook|AC|`, 3);
    const first = say(checkout);
    expect(say(checkout)).toEqual(first);
    expect(library.ledger.count).toBe(1);
    say(detected(`11NN${now}${unused}AOTEST|AAann|ABbook|AC|`, 4));
    expect(library.ledger.count).toBe(2);
  });

  test('without a sequence number nothing is a repeat', () => {
    const { ask, library } = connect({ deduplicates: true });
    ask(`11NN${now}${unused}AOTEST|AAann|ABbook|AC|`);
    ask(`11NN${now}${unused}AOTEST|AAann|ABbook|AC|`);
    expect(library.ledger.count).toBe(2);
  });
});

describe('what the ACS can be told to do', () => {
  const login = { user: 'kiosk', password: 'secret' };

  test.each([
    ['9300CNkiosk|COsecret|', '941\r'],
    ['9300CNkiosk|COwrong|', '940\r'],
    ['9300CNother|COsecret|', '940\r'],
    ['9300', '940\r'],
  ])('log-in %s', (request, answer) => {
    expect(connect({ login }).ask(request)).toBe(answer);
  });

  test('hangs up on a request before the log-in, and after a refused one', () => {
    for (const before of ['', '9300CNkiosk|COwrong|\r']) {
      const { session, say } = connect({ login });
      say(before);
      expect(say('9900802.00\r')).toEqual([]);
      expect(session.ended).toBe(true);
    }
  });

  test('answers after the log-in', () => {
    const { say } = connect({ login });
    expect(say('9300CNkiosk|COsecret|\r9900802.00\r')).toHaveLength(2);
  });

  test('refuses every log-in', () => {
    expect(connect({ login, loginRefused: true }).ask('9300CNkiosk|COsecret|')).toBe('940\r');
  });

  test('is not on-line: says so, and refuses what would have an effect', () => {
    const { ask, library } = connect({ onLine: false });
    expect(ask('9900802.00').slice(0, 5)).toBe('98NNN');
    expect(ask(`11NN${now}${unused}AOTEST|AAann|ABbook|AC|`)).toMatch(
      /^120N.*\|AFThe library system is not available\.\|\r$/,
    );
    expect(ask(`09N${now}${unused}APfoyer|AOTEST|ABtaken|AC|`)).toMatch(
      /^100.*\|AFThe library system is not available\.\|\r$/,
    );
    expect(ask(`29NN${now}${unused}AOTEST|AAben|ABtaken|`)).toMatch(
      /^300.*\|AFThe library system is not available\.\|\r$/,
    );
    expect(library.ledger.count).toBe(0);
  });

  test('writes due dates as Evergreen does', () => {
    expect(connect({ dueForm: 'iso' }).ask(`11NN${now}${unused}AOTEST|AAann|ABbook|AC|`)).toContain(
      '|AH2026-12-20 23:59:59|',
    );
  });

  test.each([
    ['007', 'Nide on lainassa toisella asiakkaalla.'],
    ['006', 'Exemplaret är utlånat till en annan låntagare.'],
    ['001', 'Item is checked out to another patron.'],
    ['017', 'Item is checked out to another patron.'],
  ])('speaks the language that the station named last: %s', (language, words) => {
    const { ask } = connect({ texts: 'ofRequest' });
    ask(`63${language}${now}          AOTEST|AAann|AD1234|`);
    expect(ask(`11NN${now}${unused}AOTEST|AAann|ABtaken|AC|`)).toContain(`|AF${words}|`);
  });

  test('follows the policy of the renewal, where the rules say so', () => {
    const { ask } = connect({}, { renewalByCheckout: 'byPolicy' });
    ask(`11NN${now}${unused}AOTEST|AAann|ABbook|AC|`);
    expect(ask(`11NN${now}${unused}AOTEST|AAann|ABbook|AC|`).slice(0, 6)).toBe('120NNN');
    expect(ask(`11YN${now}${unused}AOTEST|AAann|ABbook|AC|`).slice(0, 6)).toBe('121YNY');
  });

  test('keeps address and e-mail to itself', () => {
    expect(connect({ sendsContact: false }).ask(`63007${now}          AOTEST|AAann|AD1234|`)).not.toMatch(
      /BD|BE/,
    );
  });
});

describe('what goes wrong on purpose', () => {
  const checkout = detected(`11NN${now}${unused}AOTEST|AAann|ABbook|AC|`, 3);

  function withFault(...list: Fault[]) {
    const faults = new Faults();
    for (const fault of list) {
      expect(faults.add(fault)).toBe(true);
    }
    return connect({ faults });
  }

  test('a request is lost: no effect, no answer', () => {
    const { say, library } = withFault({ kind: 'loseRequest' });
    expect(say(checkout)).toEqual([]);
    expect(library.ledger.count).toBe(0);
    expect(say(checkout)).toHaveLength(1);
  });

  test('a reply is lost: the effect is there', () => {
    const { say, library } = withFault({ kind: 'loseReply' });
    expect(say(checkout)).toEqual([]);
    expect(library.ledger.entries).toMatchObject([{ effect: 'checkout' }]);
  });

  test('97 after a lost reply brings it', () => {
    const { say } = withFault({ kind: 'loseReply' });
    say(checkout);
    expect(say('97AZFEF5\r')[0]?.slice(0, 6)).toBe('121NNY');
  });

  test('the connection closes instead of a reply', () => {
    const { say, session, library } = withFault({ kind: 'closeInsteadOfReply' });
    expect(say(checkout)).toEqual([]);
    expect(session.ended).toBe(true);
    expect(library.ledger.count).toBe(1);
  });

  test('the connection closes in the middle of a reply', () => {
    const { say, session } = withFault({ kind: 'closeInReply' });
    const [part] = say(checkout);
    expect(part).toMatch(/^121NNY/);
    expect(part).not.toContain('\r');
    expect(session.ended).toBe(true);
  });

  test('garbage comes instead of a reply', () => {
    const { say, session } = withFault({ kind: 'garbage' });
    expect(say(checkout)[0]).not.toMatch(/^12/);
    expect(session.ended).toBe(false);
  });

  test('a checksum is wrong', () => {
    const right = connect().say(checkout)[0] ?? '';
    const wrong = withFault({ kind: 'wrongChecksum' }).say(checkout)[0] ?? '';
    expect(wrong.length).toBe(right.length);
    expect(wrong.slice(0, -2)).toBe(right.slice(0, -2));
    expect(wrong).not.toBe(right);
  });

  test('the answer is about another item', () => {
    const { ask } = withFault({ kind: 'anotherItem', code: '11' });
    expect(ask('9900802.00').slice(0, 2)).toBe('98');
    expect(ask(`11NN${now}${unused}AOTEST|AAann|ABbook2|AC|`)).toContain('|ABbook|');
    expect(ask(`17${now}AOTEST|ABbook2|`)).toContain('|ABbook2|');
  });

  test('waits for its message, as often as told, then all is well', () => {
    const { say } = withFault({ kind: 'loseReply', code: '17', count: 2 });
    expect(say('9900802.00\r')).toHaveLength(1);
    expect(say(`17${now}AOTEST|ABbook|\r`)).toHaveLength(0);
    expect(say(`17${now}AOTEST|ABbook|\r`)).toHaveLength(0);
    expect(say(`17${now}AOTEST|ABbook|\r`)).toHaveLength(1);
  });

  test('can be taken back, and has a bound', () => {
    const faults = new Faults();
    for (let count = 0; count < 100; count++) {
      expect(faults.add({ kind: 'garbage' })).toBe(true);
    }
    expect(faults.add({ kind: 'garbage' })).toBe(false);
    faults.clear();
    expect(faults.size).toBe(0);
    expect(faults.take('11')).toBeUndefined();
  });
});
