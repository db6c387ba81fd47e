import type { Profile } from '../sip2/profiles/profile.ts';
import type { RuleName } from '../sip2/profiles/rules.ts';
import type { IlsAbilities } from './ils.ts';

/** Places of BX (2.12, "supported messages"). */
const places = { patronInformation: 7, feePaid: 9, itemInformation: 10, hold: 13 } as const;

/**
 * What the library system can do. A profile of its own knows; where only the generic one speaks, the library system must
 * say so itself, for a request that it does not know is answered by silence.
 */
export function abilitiesOf({ rules, origins }: Profile, supported: string | undefined): IlsAbilities {
  const said = (place: number): boolean => supported?.charAt(place) === 'Y';
  const can = (rule: RuleName, allowed: boolean, place: number): boolean =>
    allowed && (origins[rule].profile !== 'generic' || said(place));
  return {
    placeHold: can('holdActions', rules.holdActions.includes('add'), places.hold),
    cancelHold: can('holdActions', rules.holdActions.includes('delete'), places.hold),
    renewAll: rules.renewAll === 'together',
    feePaid: can('feePaid', rules.feePaid, places.feePaid),
    effectsShown:
      can('effectsShown', rules.effectsShown, places.patronInformation) &&
      can('effectsShown', rules.effectsShown, places.itemInformation),
  };
}
