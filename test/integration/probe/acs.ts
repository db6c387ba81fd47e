import { systemClock } from '../../../src/kernel/clock.ts';
import { usualBehaviour, type AcsBehaviour } from '../../../src/simulator/acs/behaviour.ts';
import type { LibraryData } from '../../../src/simulator/acs/library-data.ts';
import { Library } from '../../../src/simulator/acs/library.ts';
import { becomes, personalityNamed } from '../../../src/simulator/acs/personality.ts';
import { AcsServer } from '../../../src/simulator/acs/server.ts';

export const institution = 'HERE';
export const card = '21110000000001';
export const pin = '4711';

/** A library whose words have letters beyond ASCII, and books enough. */
const data: LibraryData = {
  institutionId: institution,
  name: 'Äänekosken kirjasto',
  branch: 'Pääkirjasto',
  currency: 'EUR',
  items: [
    ...Array.from({ length: 6 }, (_, index) => ({
      item: `3000000000000${index + 1}`,
      title: `Sinisen yön tähti ${index + 1}`,
      type: 'book' as const,
    })),
    ...Array.from({ length: 3 }, (_, index) => ({
      item: `3000000000001${index + 1}`,
      title: `Hölmöläisten aitta ${index + 1}`,
      type: 'book' as const,
    })),
    { item: '30000000000099', title: 'Käsikirja', type: 'book' as const, inHouse: true },
  ],
  patrons: [
    {
      card,
      pin,
      name: 'Änne Öhman',
      expiresInDays: 200,
      loans: [1, 2, 3].map((index) => ({ item: `3000000000001${index}`, dueInDays: 5 })),
    },
  ],
};

export const items = ['30000000000001', '30000000000002'] as const;

export interface PlayedAcs {
  readonly server: AcsServer;
  readonly library: Library;
  readonly behaviour: AcsBehaviour;
  readonly port: number;
}

/** An ACS of that personality on a free port of this machine. */
export async function playAcs(name: string): Promise<PlayedAcs> {
  const personality = personalityNamed(name);
  if (personality === undefined) throw new Error(`no personality ${name}`);
  const behaviour = usualBehaviour();
  const become = becomes(behaviour, personality);
  if (!become.ok) throw new Error(become.error);
  const library = new Library(data, { timeZone: 'Europe/Helsinki', startsAt: systemClock.now() });
  const server = new AcsServer({ library, behaviour, clock: systemClock });
  await server.listen(0, '127.0.0.1');
  return { server, library, behaviour, port: server.address.port };
}
