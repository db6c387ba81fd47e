import type { ReactNode } from 'react';
import type { AccountTally, Screen, View } from '../../shared/view.ts';
import { AcsWords } from '../parts/acs-words.tsx';
import { CardNote } from '../parts/card-note.tsx';
import { FeeRows } from '../parts/fee-rows.tsx';
import { FinishOrLeave, GoTo } from '../parts/go-on.tsx';
import { HoldLine } from '../parts/hold-row.tsx';
import { LoanLine } from '../parts/loan-row.tsx';
import { RefusalNote } from '../parts/refusal-note.tsx';
import { RenewAll } from '../parts/renew-all.tsx';
import { Sign } from '../pictures/icons.tsx';
import { HandsHelp } from '../pictures/hands-help.tsx';
import { ReadingRoom } from '../pictures/reading-room.tsx';
import { Waiting } from '../pictures/waiting.tsx';
import { useSpeech } from '../speak.ts';

export interface AccountProps {
  readonly screen: Extract<Screen, { name: 'account' }>;
  readonly view: View;
}

export function Account({ screen, view }: AccountProps) {
  const { say } = useSpeech();
  const picture = screen.refusal === undefined ? <ReadingRoom /> : <HandsHelp />;
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
        {screen.card === undefined || screen.refusal?.rule === 'patron.expired' ? null : (
          <CardNote card={screen.card} />
        )}
        <AcsWords texts={screen.acsText} />
        <div className="account-parts">
          <Loans screen={screen} />
          <Holds screen={screen} />
          <Fees screen={screen} />
        </div>
        {screen.loading ? <Waiting /> : <div className="room">{picture}</div>}
      </div>
      <section className={screen.loading ? 'hand strip' : 'hand'}>
        {screen.loading ? null : <div className="hand-picture">{picture}</div>}
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
  const { renewAll } = screen;
  return (
    <Part
      screen={screen}
      name="loans"
      none="account.noLoans"
      count={screen.loans.length}
      beside={renewAll === undefined ? null : <RenewAll renewAll={renewAll} />}
    >
      <ul className="rows" aria-live="polite">
        {screen.loans.map((loan) => (
          <LoanLine key={loan.item} loan={loan} />
        ))}
      </ul>
    </Part>
  );
}

function Holds({ screen }: PartProps) {
  return (
    <Part screen={screen} name="holds" none="account.noHolds" count={screen.holds.length}>
      <ul className="rows" aria-live="polite">
        {screen.holds.map((hold, index) => (
          <HoldLine key={`${hold.item}-${index}`} hold={hold} />
        ))}
      </ul>
    </Part>
  );
}

function Fees({ screen }: PartProps) {
  const { money, say, words } = useSpeech();
  const total = screen.feeTotal;
  return (
    <Part screen={screen} name="fees" none="account.noFees" count={screen.fees.length + (total ? 1 : 0)}>
      {total === undefined ? null : (
        <p className="fee-total">
          <span>{words('account.feeTotal')}</span>
          <strong>{money(total)}</strong>
        </p>
      )}
      <FeeRows fees={screen.fees} />
      {screen.payWhere === undefined ? null : <p className="pay-where">{say(screen.payWhere)}</p>}
    </Part>
  );
}

interface AccountPartProps extends PartProps {
  readonly name: 'loans' | 'holds' | 'fees';
  readonly none: 'account.noLoans' | 'account.noHolds' | 'account.noFees';
  readonly count: number;
  /** What acts on the whole part, beside its name. */
  readonly beside?: ReactNode;
  readonly children: ReactNode;
}

/** One part of the account. "There are none" is said only when that is known. */
function Part({ screen, name, none, count, beside, children }: AccountPartProps) {
  const { words } = useSpeech();
  // The number may be known before the list.
  const known = Math.max(count, screen.loading ? (screen.counts[name] ?? 0) : 0);
  if (known > 0) {
    return (
      <section className="account-part" aria-labelledby={`account-${name}`}>
        <div className="account-head">
          <h2 id={`account-${name}`}>
            {words(`account.${name}`)}
            {name === 'fees' ? null : <span className="count">{known}</span>}
          </h2>
          <Badges name={name} counts={screen.counts} />
          {beside}
        </div>
        {children}
      </section>
    );
  }
  if (screen.loading || screen.problem !== undefined) return null;
  return <p className="none">{words(none)}</p>;
}

/** How many of a part ask for a look. */
function Badges({ name, counts }: { readonly name: string; readonly counts: AccountTally }) {
  const { words } = useSpeech();
  const { overdue, recalled, ready } = counts;
  if (name === 'loans') {
    return (
      <>
        {overdue === undefined ? null : (
          <p className="badge" data-tint="attention">
            {words('account.countOverdue', { number: overdue })}
          </p>
        )}
        {recalled === undefined ? null : (
          <p className="badge" data-tint="attention">
            {words('account.countRecalled', { number: recalled })}
          </p>
        )}
      </>
    );
  }
  if (name !== 'holds' || ready === undefined) return null;
  return (
    <p className="badge" data-tint="done">
      {words('account.countReady', { number: ready })}
    </p>
  );
}
