import type { State } from './core/state.ts';
import { bounds } from './settings.ts';

/** What the technician sees of how far the library system’s “yes” is believed. Nothing personal. */
export function acceptancesTold({
  acceptances,
  abilities,
}: Pick<State, 'acceptances' | 'abilities'>): Readonly<Record<string, unknown>> {
  const { everyOne, mute, seen, notDone } = acceptances;
  const looksAt = !abilities.effectsShown || mute ? 'nothing' : everyOne ? 'all' : 'samples';
  return {
    lookedAt: looksAt,
    done: seen.done,
    notDone: seen.notDone,
    notTold: seen.notTold,
    ...(everyOne ? { advice: doubtedAdvice } : {}),
    ...(notDone >= bounds.notDoneInARowMax ? { sync: 'rests: nothing that it accepts is done' } : {}),
  };
}

const doubtedAdvice =
  'The library system accepted something and did not do it: see the staff list (rule acs.notDone), and tell whoever runs it.';
