import { firstField, type DecodedOf } from '../../sip2/decode.ts';
import { dueOf, plainDueForms } from '../../ils/due-date.ts';
import { LibraryTime } from '../../ils/library-time.ts';
import { dueForms } from '../../sip2/profiles/rules.ts';
import { textsOf, type Prober } from './prober.ts';
import { checkinRequest, checkoutRequest, giveBack, lend } from './steps-borrow.ts';
import { askItem } from './steps-item.ts';
import type { Start } from './steps-start.ts';

/** The due date that a no-block loan names, in days from today: no library lends for so odd a time. */
const oddLoanDays = 17;
/** Where sorters’ extensions may tell a bin instead of CL. */
const binFields = ['CR', 'CT'] as const;

/** Whether 29 renews, or a second checkout. */
export async function probeRenewal(prober: Prober, item: string, { status }: Start): Promise<void> {
  const { findings, settings } = prober;
  const renewed = await prober.ask(
    () => ({
      code: '29',
      fixed: {
        thirdPartyAllowed: 'N',
        noBlock: 'N',
        transactionDate: prober.now,
        nbDueDate: ' '.repeat(18),
      },
      fields: { ...prober.common, AA: settings.card, AB: item, ...prober.pinField },
    }),
    2,
  );
  if (renewed !== undefined) {
    findings.rule('renewBy', 'renew');
    if (renewed.fixed.ok === '1' && status.fixed.acsRenewalPolicy === 'N') {
      findings.deviates('Its status says N to renewals, and it renews.');
    }
    findings.note(`A renewal on the day of the loan was ${renewed.fixed.ok === '1' ? 'made' : 'refused'}.`);
    return;
  }
  const again = await prober.once(checkoutRequest(prober, item, { renewal: true }));
  if (again?.message.code === '12') {
    findings.rule('renewBy', 'checkout');
    findings.deviates('A renewal (29) is not answered; a second checkout is taken for one.');
  } else {
    findings.deviates('Neither 29 nor a second checkout renews.');
  }
}

/** Finds which AP a checkin must have, and reads its flags. False: the item may still be on loan. */
export async function probeReturn(prober: Prober, item: string, start: Start): Promise<boolean> {
  const { findings, writing } = prober;
  const told = firstField(start.status, 'AN')?.trim() ?? '';
  const other = told !== '' && told !== writing.location;
  let answer = other ? await giveBack(prober, item, 2) : await giveBack(prober, item);
  if (answer === undefined && other) {
    writing.location = told;
    answer = await giveBack(prober, item);
    if (answer !== undefined) {
      findings.rule('checkinLocation', 'fromStatus');
      findings.deviates('Only a checkin with the AN of its own status as AP is answered.');
    }
  }
  if (answer === undefined) {
    findings.deviates('The test item could not be returned: look after it.');
    return false;
  }
  if (start.status.fixed.checkinOk === 'N')
    findings.deviates('Its status says N to checkin, and it takes returns.');
  if (answer === 'returned') findings.open.push('The flags of a return, because its answers were lost.');
  else readCheckin(prober, answer);
  return true;
}

function readCheckin({ findings }: Prober, answer: DecodedOf<'10'>): void {
  const { alert, resensitize } = answer.fixed;
  const type = firstField(answer, 'CV')?.trim() ?? '';
  if (alert === 'Y' && (type === '' || type === '00')) {
    findings.rule('alert', 'type');
    findings.deviates('An ordinary return has an alert; only its type (CV) tells whether staff must look.');
  }
  if (resensitize === 'N') {
    findings.rule('resensitize', 'whenTaken');
    findings.deviates('A return says N to resensitize.');
  }
  const bin = firstField(answer, 'CL')?.trim() ?? '';
  const other = binFields.find((field) => /^\d{1,3}$/.test(firstField(answer, field)?.trim() ?? ''));
  if (bin !== '') {
    findings.note(`A return names the bin ${bin} (CL).`);
    if (bin === '0' || bin === '99') {
      findings.rule('sortBin', { field: 'CL', ignore: ['', bin] });
      findings.deviates(`The bin ${bin} is taken for none.`);
    }
  } else if (other !== undefined) {
    findings.rule('sortBin', { field: other, ignore: [''] });
    findings.deviates(`The bin is told in ${other}.`);
  }
}

/** A return of what is not on loan: many systems say no, and it is on its shelf all the same. */
export async function probeSecondReturn(prober: Prober, item: string): Promise<void> {
  const { findings } = prober;
  const answer = await prober.ask(() => checkinRequest(prober, item), 3);
  if (answer === undefined || answer.fixed.ok === '1') {
    findings.rule('notChargedIsTaken', false);
    return;
  }
  const told = await askItem(prober, item);
  if (told === undefined || told.information.fixed.circulationStatus === '04') return;
  findings.means(textsOf(answer), 'item.notCharged');
  findings.rule('notChargedIsTaken', textsOf(answer).length > 0);
  findings.note('A return of what is not on loan is refused in words; the station takes it all the same.');
}

/** Whether no-block is honoured: a loan that happened during an outage keeps the due date that was told. */
export async function probeNoBlock(prober: Prober, item: string): Promise<void> {
  const { findings, settings } = prober;
  const due = prober.inDays(oddLoanDays);
  const noBlockDue = `${due.slice(0, 8)}    235900`;
  const answer = await lend(prober, item, { noBlockDue });
  if (typeof answer !== 'object' || answer.answer.fixed.ok !== '1') {
    findings.open.push('Whether no-block is honoured, because the loan’s answer was lost or a refusal.');
  } else {
    const time = new LibraryTime(settings.timeZone);
    const known = prober.findings.rules.get('dueForms');
    const forms = Array.isArray(known) ? dueForms.filter((form) => known.includes(form)) : plainDueForms;
    const told = dueOf(firstField(answer.answer, 'AH'), time, forms);
    const wanted = `${due.slice(0, 4)}-${due.slice(4, 6)}-${due.slice(6, 8)}`;
    const honoured = told !== undefined && told.kind !== 'text' && told.date === wanted;
    findings.rule('noBlock', { checkin: honoured, checkout: honoured, renew: honoured });
    if (honoured) findings.note('No-block is honoured: a loan keeps the due date that was told.');
    else findings.deviates('No-block is ignored: what happened in an outage counts as if it happened now.');
  }
  if ((await giveBack(prober, item)) === undefined) {
    findings.deviates('The test item could not be returned: look after it.');
  }
}
