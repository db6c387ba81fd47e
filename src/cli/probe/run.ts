import type { OpenByteStream } from '../../kernel/bytes.ts';
import type { Clock } from '../../kernel/clock.ts';
import { Findings } from './findings.ts';
import { ProbeLink } from './link.ts';
import { Prober, type ProbeSettings } from './prober.ts';
import { probeChargedList, probeLoan, probeRepeat } from './steps-borrow.ts';
import { probeEnd, probeItems } from './steps-item.ts';
import { probePatron, readCharset } from './steps-patron.ts';
import { probeNoBlock, probeRenewal, probeReturn, probeSecondReturn } from './steps-return.ts';
import { probeStart, type Start } from './steps-start.ts';

export interface Probed {
  readonly findings: Findings;
  /** Why it ended before its end. */
  readonly stopped: string | undefined;
}

/** Circulation status of what can be lent. */
const available = '03';

/** Asks an ACS what it can do. Without `borrow` it changes nothing there. `say` tells each step as it begins. */
export async function runProbe(
  settings: ProbeSettings,
  open: OpenByteStream,
  clock: Clock,
  say: (step: string) => void,
): Promise<Probed> {
  const findings = new Findings();
  const prober = new Prober(settings, findings, new ProbeLink(open, clock), clock);
  try {
    return { findings, stopped: await allSteps(prober, say) };
  } finally {
    prober.forget();
    prober.close();
  }
}

async function allSteps(prober: Prober, say: (step: string) => void): Promise<string | undefined> {
  const { findings, settings } = prober;
  say('its status, and how it wants to be written to');
  const start = await probeStart(prober);
  if (typeof start === 'string') return start;
  say('the test patron');
  const patron = await probePatron(prober, start);
  if (typeof patron === 'string') return patron;
  say('the test items');
  const items = await probeItems(prober);
  const lines = [...patron.lines, ...items.map(({ line }) => line)];
  readCharset(prober, lines);
  if (!settings.borrow) {
    findings.open.push('Loans, renewals and returns, because --borrow was not given.');
  } else {
    const free = items.find(({ status }) => status === available);
    if (free === undefined)
      findings.open.push('Loans, renewals and returns: no test item stands on its shelf (status 03).');
    else await borrow(prober, free.item, start, lines, say);
  }
  say('the end of a session');
  await probeEnd(prober);
  return undefined;
}

async function borrow(
  prober: Prober,
  item: string,
  start: Start,
  lines: Buffer[],
  say: (step: string) => void,
): Promise<void> {
  say('a loan');
  if (!(await probeLoan(prober, item, start.status.fixed))) return;
  const charged = await probeChargedList(prober, item);
  if (charged !== undefined) readCharset(prober, [...lines, charged]);
  say('a renewal');
  await probeRenewal(prober, item, start);
  say('a return');
  if (!(await probeReturn(prober, item, start))) return;
  await probeSecondReturn(prober, item);
  say('what happened during an outage, and what comes twice');
  await probeRepeat(prober, item);
  await probeReturn(prober, item, start);
  await probeNoBlock(prober, item);
}
