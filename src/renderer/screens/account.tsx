import type { ReactNode } from 'react';
import type { HoldRow, LoanRow, Screen, View } from '../../shared/view.ts';
import { AcsWords, unexplained } from '../parts/acs-words.tsx';
import { Button } from '../parts/buttons.tsx';
import { ClampedText } from '../parts/clamped-text.tsx';
import { FinishOrLeave, GoTo } from '../parts/go-on.tsx';
import { RefusalNote } from '../parts/refusal-note.tsx';
import { NoSign, Sign } from '../pictures/icons.tsx';
import { Waiting } from '../pictures/waiting.tsx';
import { useSend, useSpeech } from '../speak.ts';

export interface AccountProps {
  readonly screen: Extract<Screen, { name: 'account' }>;
  readonly view: View;
}

export function Account({ screen, view }: AccountProps) {
  const { say } = useSpeech();
  return (
    <>
      <div className="work" aria-busy={screen.loading}>
        {screen.problem === undefined ? null : (
          <p className="problem" role="status">
            <Sign state="attention" />
            <span>{say(screen.problem)}</span>
          </p>
        )}
        {screen.refusal === undefined ? null : <RefusalNote refusal={screen.refusal} />}
        <AcsWords texts={screen.acsText} />
        <Loans screen={screen} />
        <Holds screen={screen} />
        <Fees screen={screen} />
        {screen.loading ? <Waiting /> : null}
      </div>
      <section className="hand">
        <GoTo services={view.goTo} />
        <FinishOrLeave view={view} />
      </section>
    </>
  );
}

interface PartProps {
  readonly screen: AccountProps['screen'];
}

function Loans({ screen }: PartProps) {
  return (
    <Part screen={screen} name="loans" none="account.noLoans" count={screen.loans.length}>
      <ul className="rows" aria-live="polite">
        {screen.loans.map((loan) => (
          <Loan key={loan.item} loan={loan} />
        ))}
      </ul>
    </Part>
  );
}

function Holds({ screen }: PartProps) {
  return (
    <Part screen={screen} name="holds" none="account.noHolds" count={screen.holds.length}>
      <ul className="rows">
        {screen.holds.map((hold, index) => (
          <Hold key={`${hold.item}-${index}`} hold={hold} />
        ))}
      </ul>
    </Part>
  );
}

function Fees({ screen }: PartProps) {
  const { money, words } = useSpeech();
  const total = screen.feeTotal;
  return (
    <Part screen={screen} name="fees" none="account.noFees" count={screen.fees.length + (total ? 1 : 0)}>
      {total === undefined ? null : (
        <p className="fee-total">
          <span>{words('account.feeTotal')}</span>
          <strong>{money(total)}</strong>
        </p>
      )}
      <AcsWords texts={screen.fees.map((fee) => fee.text)} />
    </Part>
  );
}

interface AccountPartProps extends PartProps {
  readonly name: 'loans' | 'holds' | 'fees';
  readonly none: 'account.noLoans' | 'account.noHolds' | 'account.noFees';
  readonly count: number;
  readonly children: ReactNode;
}

/** One part of the account. "There are none" is said only when that is known. */
function Part({ screen, name, none, count, children }: AccountPartProps) {
  const { words } = useSpeech();
  if (count > 0) {
    return (
      <section className="account-part" aria-labelledby={`account-${name}`}>
        <h2 id={`account-${name}`}>
          {words(`account.${name}`)}
          {name === 'fees' ? null : <span className="count">{count}</span>}
        </h2>
        {children}
      </section>
    );
  }
  if (screen.loading || screen.problem !== undefined) return null;
  return <p className="none">{words(none)}</p>;
}

function Loan({ loan }: { readonly loan: LoanRow }) {
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
      return loan.overdue ? 'attention' : undefined;
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

function Hold({ hold }: { readonly hold: HoldRow }) {
  const { words } = useSpeech();
  return (
    <li className="row" data-tint={hold.ready ? 'done' : 'none'}>
      {hold.ready ? <Sign state="done" /> : <NoSign />}
      <div className="row-words">
        <ClampedText text={hold.title ?? hold.item} />
        <p className={hold.ready ? 'verdict' : 'due'}>
          {words(hold.ready ? 'account.holdReady' : 'account.holdWaiting')}
        </p>
      </div>
    </li>
  );
}
