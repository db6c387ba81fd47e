import { Barcode, Beam, Picture, Scanner } from './picture.tsx';

/** A hand holds a card under the scanner, its barcode up. */
export function CardToScanner() {
  return (
    <Picture name="card-to-scanner">
      <Scanner x={118} y={14} />
      <Beam x={160} y={68} depth={62} />
      <path
        className="tint"
        d="M94 130h132a8 8 0 0 1 8 8v70a8 8 0 0 1-8 8H94a8 8 0 0 1-8-8v-70a8 8 0 0 1 8-8Z"
      />
      <path d="M94 130h132a8 8 0 0 1 8 8v70a8 8 0 0 1-8 8H94a8 8 0 0 1-8-8v-70a8 8 0 0 1 8-8Z" />
      <Barcode x={139} y={140} read />
      <path d="M102 192h34M102 203h22" />
      <path
        className="sheet"
        d="M700 176H320c-28 0-44-10-58-18-12-7-30-6-44-4-9 1-9 13 1 14l24 3c-14 6-26 9-33 8-9-1-12 12-2 15 9 3 26-1 40-8 4 14 30 26 72 27h380"
      />
      <path d="M700 176H320c-28 0-44-10-58-18-12-7-30-6-44-4-9 1-9 13 1 14l24 3c-14 6-26 9-33 8-9-1-12 12-2 15 9 3 26-1 40-8 4 14 30 26 72 27h380" />
    </Picture>
  );
}
