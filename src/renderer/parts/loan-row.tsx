import type { LoanRow } from '../../shared/view.ts';
import { NoSign, Sign } from '../pictures/icons.tsx';
import { useSend, useSpeech } from '../speak.ts';
import { AcsWords, unexplained } from './acs-words.tsx';
import { Button } from './buttons.tsx';
import { ClampedText } from './clamped-text.tsx';

/** One loan of the account, with its renewal. */
export function LoanLine({ loan }: { readonly loan: LoanRow }) {
  const { words } = useSpeech();
  const state = stateOf(loan);
  return (
    <li
      className="row"
      data-testid="item-row"
      data-item={loan.item}
      data-state={state ?? 'done'}
      data-tint={state ?? 'none'}
    >
      {state === undefined ? <NoSign /> : <Sign state={state} />}
      <div className="row-words">
        <ClampedText text={loan.title ?? loan.item} />
        {loan.title === undefined ? null : (
          <p className="identifier">
            <bdi>{loan.item}</bdi>
          </p>
        )}
        <DueLine loan={loan} />
        {loan.recalled && loan.renewal.state !== 'renewed' ? (
          <p className="verdict">{words('account.recalled')}</p>
        ) : null}
        <RenewalOutcome loan={loan} />
      </div>
      {loan.renewal.state === 'possible' ? <RenewButton loan={loan} /> : null}
      {loan.renewal.state === 'resting' ? <p className="resting">{words('account.renewResting')}</p> : null}
    </li>
  );
}

/** What the row asks a look for; a loan that just is there asks for none. */
function stateOf(loan: LoanRow): 'pending' | 'done' | 'refused' | 'attention' | undefined {
  switch (loan.renewal.state) {
    case 'pending':
      return 'pending';
    case 'renewed':
      return 'done';
    case 'refused':
      return 'refused';
    case 'attention':
      return 'attention';
    case 'possible':
    case 'resting':
      return loan.overdue || loan.recalled ? 'attention' : undefined;
  }
}

function DueLine({ loan: { due, overdue, renewal } }: { readonly loan: LoanRow }) {
  const { words } = useSpeech();
  if (renewal.state === 'renewed') return null;
  if (due === undefined) return overdue ? <p className="verdict">{words('account.overdueNoDue')}</p> : null;
  return (
    <p className={overdue ? 'verdict' : 'due'}>
      {words(overdue ? 'account.overdue' : 'account.due', { due: { due } })}
    </p>
  );
}

function RenewalOutcome({ loan: { due, renewal } }: { readonly loan: LoanRow }) {
  const { say, words } = useSpeech();
  switch (renewal.state) {
    case 'possible':
    case 'resting':
      return null;
    case 'pending':
      return <p className="verdict">{words('row.renew.pending')}</p>;
    case 'renewed':
      return (
        <p className="verdict">
          {due === undefined ? words('row.renew.doneNoDue') : words('row.renew.done', { due: { due } })}
        </p>
      );
    case 'attention':
      return <p className="verdict">{say(renewal.message)}</p>;
    case 'refused':
      return (
        <div className="row-refusal" data-testid="refusal" data-rule={renewal.refusal.rule}>
          <p className="verdict">{words('row.renew.refused')}</p>
          <p className="cause">{say(renewal.refusal.cause)}</p>
          <p className="next">{say(renewal.refusal.next)}</p>
          <AcsWords texts={unexplained(renewal.refusal.acsText)} />
        </div>
      );
  }
}

function RenewButton({ loan }: { readonly loan: LoanRow }) {
  const { words } = useSpeech();
  const send = useSend();
  return (
    <Button
      kind="plain"
      testId="renew"
      label={words('account.renewNamed', { title: loan.title ?? loan.item })}
      onPress={() => send({ do: 'renewItem', item: loan.item })}
    >
      {words('account.renew')}
    </Button>
  );
}
