import { Barcode, Beam, Picture, Scanner } from './picture.tsx';

/** A book lies under the scanner with its barcode in the light. */
export function BookUnderScanner() {
  return (
    <Picture name="book-under-scanner">
      <Scanner x={118} y={10} />
      <Beam x={160} y={64} depth={56} />
      <path className="tint" d="M80 120h152v96H92a12 12 0 0 1-12-12v-84Z" />
      <path d="M232 200V120H92a12 12 0 0 0-12 12v72a12 12 0 0 0 12 12h140v-16H92a12 12 0 0 0-12 8" />
      <path d="M104 120v80" />
      <Barcode x={139} y={132} read />
      <path d="M140 168h42M148 180h26" />
      <path
        className="sheet"
        d="M700 158H320c-26 0-40-8-54-14-10-4-24-2-36 2-8 3-6 14 3 13l20-2c-12 8-24 14-32 15-9 1-8 14 2 14 11 1 26-5 38-13 6 12 28 22 59 23h380"
      />
      <path d="M700 158H320c-26 0-40-8-54-14-10-4-24-2-36 2-8 3-6 14 3 13l20-2c-12 8-24 14-32 15-9 1-8 14 2 14 11 1 26-5 38-13 6 12 28 22 59 23h380" />
      <path d="M24 228h272" />
    </Picture>
  );
}
