import attention from '../../assets/sounds/attention.wav';
import no from '../../assets/sounds/no.wav';
import yes from '../../assets/sounds/yes.wav';
import type { ItemRow, Notice, View } from '../shared/view.ts';

export type Tone = Notice['tone'];

const files: Readonly<Record<Tone, string>> = { yes, no, attention };

/** Plays a tone. Where the browser keeps a page silent, the screen says everything anyway. */
export function playTone(tone: Tone): void {
  new Audio(files[tone]).play().catch(() => {});
}

/**
 * The one tone that a new view deserves: that of a new notice, or of the gravest verdict that a row came to. A page
 * that has just loaded repeats nothing.
 */
export function toneOf(before: View | undefined, now: View): Tone | undefined {
  if (before === undefined) return undefined;
  const tones = new Set<Tone>();
  if (now.notice !== undefined && now.notice.id !== before.notice?.id) tones.add(now.notice.tone);
  const known = new Map(before.epoch === now.epoch ? rowsOf(before).map((row) => [row.id, row.state]) : []);
  for (const row of rowsOf(now)) {
    const tone = known.get(row.id) === row.state ? undefined : toneOfState(row.state);
    if (tone !== undefined) tones.add(tone);
  }
  return (['no', 'attention', 'yes'] as const).find((tone) => tones.has(tone));
}

function rowsOf(view: View): readonly ItemRow[] {
  return view.screen.name === 'borrow' || view.screen.name === 'return' ? view.screen.items : [];
}

function toneOfState(state: ItemRow['state']): Tone | undefined {
  switch (state) {
    case 'done':
    case 'offline':
      return 'yes';
    case 'refused':
      return 'no';
    case 'attention':
      return 'attention';
    case 'reading':
    case 'pending':
      return undefined;
  }
}
