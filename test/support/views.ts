import { contractVersion, type View } from '../../src/shared/view.ts';

/** A small view with the given revision; `padding` makes it as long as wanted. */
export function viewOf(revision: number, padding = ''): View {
  return {
    contract: contractVersion,
    revision,
    epoch: 1,
    language: 'fi',
    theme: 'light',
    library: { name: { fi: `Kirjasto${padding}` }, languages: ['fi'] },
    status: { mode: 'online' },
    screen: { name: 'home', services: [] },
    goTo: [],
    signedIn: false,
    canFinish: false,
  };
}
