import { firstField, type DecodedOf } from '../../sip2/decode.ts';
import type { MessageInput } from '../../sip2/messages.ts';
import type { Answer, Prober } from './prober.ts';

const flagNames = [
  'onLineStatus',
  'checkinOk',
  'checkoutOk',
  'acsRenewalPolicy',
  'statusUpdateOk',
  'offLineOk',
] as const;

/** How requests may have to be written, the standard’s way first. */
const writings = [
  { terminator: 'CR', errorDetection: true },
  { terminator: 'CRLF', errorDetection: true },
  { terminator: 'CR', errorDetection: false },
  { terminator: 'CRLF', errorDetection: false },
] as const;

export interface Start {
  readonly status: DecodedOf<'98'>;
}

/** Finds a way of writing that the ACS answers, and reads its 98. A reason where there is none. */
export async function probeStart(prober: Prober): Promise<Start | string> {
  const { writing } = prober;
  let reason = 'the ACS answers nothing';
  for (const way of [...writings, ...writings]) {
    Object.assign(writing, way);
    const failed = await prober.connect();
    if (failed !== undefined) {
      reason = failed;
      if (failed === 'the ACS refused the log-in') return failed;
      continue;
    }
    const answer = await prober.once(statusRequest());
    if (answer?.message.code !== '98') continue;
    readWire(prober, answer, way.terminator);
    readStatus(prober, answer.message);
    return { status: answer.message };
  }
  return reason;
}

export function statusRequest(): MessageInput<'99'> {
  return {
    code: '99',
    fixed: { statusCode: '0', maxPrintWidth: '040', protocolVersion: '2.00' },
    fields: {},
  };
}

function readWire(
  { findings, writing }: Prober,
  { message, line, ending }: Answer,
  terminator: 'CR' | 'CRLF',
): void {
  findings.rule('terminator', terminator);
  if (terminator === 'CRLF') findings.deviates('The ACS answers only what ends with CR LF.');
  findings.note(`Its own messages end with ${ending}.`);
  if (ending === 'LF') findings.deviates('The ACS ends its messages with LF alone.');
  const detects = writing.errorDetection && message.checksum !== 'absent';
  findings.rule('errorDetection', detects);
  if (writing.errorDetection && !detects) {
    findings.deviates(
      'The ACS answers without AY and AZ what has them; late and lost answers cannot be told apart.',
    );
    writing.errorDetection = false;
  }
  const hex = /AZ([0-9A-Fa-f]{4})$/.exec(line.toString('latin1'))?.[1] ?? '';
  if (hex !== hex.toUpperCase()) findings.deviates('The checksum comes in small letters.');
}

function readStatus({ findings, settings, now }: Prober, status: DecodedOf<'98'>): void {
  const { fixed } = status;
  const no = flagNames.filter((name) => fixed[name] === 'N');
  findings.note(`Its status says N to: ${no.length === 0 ? 'nothing' : no.join(', ')}.`);
  findings.note(
    `It allows ${fixed.timeoutPeriod} tenths of a second and ${fixed.retriesAllowed} retries; protocol ${fixed.protocolVersion}.`,
  );
  if (fixed.onLineStatus === 'N') {
    findings.deviates('Its status says that it is not on-line, and it answers all the same.');
    findings.rule('believedStatusFlags', []);
  }
  const institution = firstField(status, 'AO')?.trim() ?? '';
  if (institution !== '' && institution !== settings.institutionId) {
    findings.note(
      `It calls the institution “${institution}” (AO), the operator “${settings.institutionId}”.`,
    );
  }
  const apart = minutesApart(fixed.dateTimeSync, now);
  if (apart !== undefined && apart > 5) {
    findings.deviates(`Its clock is ${apart} minutes away from this machine's.`);
  }
  const supported = firstField(status, 'BX');
  findings.note(
    supported === undefined
      ? 'It does not say which messages it supports.'
      : `Supported messages (BX): ${supported}.`,
  );
}

function minutesApart(theirs: string, ours: string): number | undefined {
  const [a, b] = [minutesOf(theirs), minutesOf(ours)];
  return a === undefined || b === undefined ? undefined : Math.round(Math.abs(a - b));
}

function minutesOf(stamp: string): number | undefined {
  const found = /^(\d{4})(\d\d)(\d\d).{4}(\d\d)(\d\d)(\d\d)$/.exec(stamp);
  if (found === null) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = found.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute) / 60_000;
}
