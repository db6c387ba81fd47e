import type { Turn } from './turn.ts';

/** Whether the library system can be asked: it is on-line, or was a moment ago and the next connection is being made. */
export function isReachable(turn: Turn): boolean {
  return turn.state.link === 'online' || turn.state.linkBlinks;
}
