import type { State } from './state.ts';
import type { Turn } from './turn.ts';

/** Whether the library system answers now, if slowly. */
export function isOnline(state: Pick<State, 'link'>): boolean {
  return state.link === 'online' || state.link === 'slow';
}

/** Whether it answers now, or did a moment ago and the next connection is being made. */
export function isNear(state: Pick<State, 'link' | 'linkBlinks'>): boolean {
  return isOnline(state) || state.linkBlinks;
}

/** Whether the library system can be asked. */
export function isReachable(turn: Turn): boolean {
  return isNear(turn.state);
}
