import type { FeeRow } from '../../shared/view.ts';
import { useSpeech } from '../speak.ts';

/** Fees with their reasons and sums; a line that could not be told apart stands as it came, as the library system’s own. */
export function FeeRows({ fees }: { readonly fees: readonly FeeRow[] }) {
  const { money, words } = useSpeech();
  if (fees.length === 0) return null;
  return (
    <figure className="fees">
      <figcaption className="out-of-sight">{words('acs.says')}</figcaption>
      <ul className="fee-rows">
        {fees.map((fee, index) => (
          <li key={index} className="fee-row" data-testid="fee-row">
            <span className="fee-reason" dir="auto">
              {(fee.reason ?? fee.text).acs}
            </span>
            {fee.amount === undefined ? null : <strong className="fee-amount">{money(fee.amount)}</strong>}
          </li>
        ))}
      </ul>
    </figure>
  );
}
