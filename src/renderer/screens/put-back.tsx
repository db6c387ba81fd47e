import { useEffect, useRef } from 'react';
import type { PutBack as AskedItem } from '../../shared/view.ts';
import { BookToPlate } from '../pictures/book-to-plate.tsx';
import { Sign } from '../pictures/icons.tsx';
import { Button } from '../parts/buttons.tsx';
import { useSend, useSpeech } from '../speak.ts';

const wordsOf = {
  lifted: {
    title: 'putBack.title',
    lent: 'putBack.lent',
    returned: 'putBack.returned',
    cannot: 'putBack.cannot',
  },
  notSeen: {
    title: 'putBack.layTitle',
    lent: 'putBack.layLent',
    returned: 'putBack.layReturned',
    cannot: 'putBack.cannotLay',
  },
} as const;

/** "Put it back" or "lay it on the reader", over everything, until it lies there or the patron says that it cannot. */
export function PutBack({ items }: { readonly items: readonly AskedItem[] }) {
  const { words } = useSpeech();
  const send = useSend();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const lent = items.some((item) => item.lent);
  const why = items[0]?.why ?? 'lifted';
  const said = wordsOf[why];
  return (
    <div
      className="over-all"
      role="alertdialog"
      aria-modal="true"
      aria-labelledby="put-back"
      aria-describedby="put-back-why"
      data-testid="put-back"
      data-why={why}
    >
      <div className="dialog whole">
        <div className="put-back-words">
          <Sign state="attention" />
          <h2 id="put-back" tabIndex={-1} ref={title}>
            {words(said.title)}
          </h2>
          <p id="put-back-why">{words(lent ? said.lent : said.returned)}</p>
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
        <div className="put-back-answers">
          {why === 'lifted' ? null : (
            <Button kind="plain" testId="put-back-no-tag" onPress={() => send({ do: 'noTag' })}>
              {words('putBack.noTag')}
            </Button>
          )}
          <Button kind="plain" testId="put-back-cannot" onPress={() => send({ do: 'dismiss' })}>
            {words(said.cannot)}
          </Button>
        </div>
      </div>
    </div>
  );
}
