import { useEffect, useRef } from 'react';
import type { PutBack as LiftedItem } from '../../shared/view.ts';
import { BookToPlate } from '../pictures/book-to-plate.tsx';
import { Sign } from '../pictures/icons.tsx';
import { Button } from '../parts/buttons.tsx';
import { useSend, useSpeech } from '../speak.ts';

/** "Put it back", over everything, until it lies there again or the patron says that it cannot. */
export function PutBack({ items }: { readonly items: readonly LiftedItem[] }) {
  const { words } = useSpeech();
  const send = useSend();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const lent = items.some((item) => item.lent);
  return (
    <div
      className="over-all"
      role="alertdialog"
      aria-modal="true"
      aria-labelledby="put-back"
      aria-describedby="put-back-why"
      data-testid="put-back"
    >
      <div className="dialog whole">
        <div className="put-back-words">
          <Sign state="attention" />
          <h2 id="put-back" tabIndex={-1} ref={title}>
            {words('putBack.title')}
          </h2>
          <p id="put-back-why">{words(lent ? 'putBack.lent' : 'putBack.returned')}</p>
          <ul className="put-back-items" aria-live="polite">
            {items.map(({ item, title: name }) => (
              <li key={item} className="row" data-item={item} data-tint="attention">
                <bdi>{name ?? item}</bdi>
              </li>
            ))}
          </ul>
        </div>
        <div className="put-back-picture">
          <BookToPlate />
        </div>
        <Button kind="plain" testId="put-back-cannot" onPress={() => send({ do: 'dismiss' })}>
          {words('putBack.cannot')}
        </Button>
      </div>
    </div>
  );
}
