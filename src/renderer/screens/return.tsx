import type { Screen, View } from '../../shared/view.ts';
import { FinishOrLeave, GoTo } from '../parts/go-on.tsx';
import { ItemList } from '../parts/item-list.tsx';
import { ReaderNote } from '../parts/reader-note.tsx';
import { Tally } from '../parts/tally.tsx';
import { BookToPlate } from '../pictures/book-to-plate.tsx';
import { BookIntoSlot } from '../pictures/book-into-slot.tsx';
import { useSpeech } from '../speak.ts';

export interface ReturnProps {
  readonly screen: Extract<Screen, { name: 'return' }>;
  readonly view: View;
}

export function Return({ screen, view }: ReturnProps) {
  const { words } = useSpeech();
  const nothingYet = screen.items.length === 0;
  const picture = view.reader === undefined ? <BookIntoSlot /> : <BookToPlate />;
  return (
    <>
      <div className={nothingYet ? 'work picture-work' : 'work'}>
        {nothingYet ? picture : null}
        <ItemList items={screen.items} label={words('return.list')} />
        {nothingYet ? null : <div className="room">{picture}</div>}
      </div>
      <section className={nothingYet ? 'hand strip' : 'hand'}>
        {nothingYet ? null : <div className="hand-picture">{picture}</div>}
        <ReaderNote reader={view.reader} />
        <Tally counts={screen.counts} of="return" />
        <GoTo services={view.goTo} />
        <FinishOrLeave view={view} />
      </section>
    </>
  );
}
