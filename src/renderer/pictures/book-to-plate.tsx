import { Picture } from './picture.tsx';

/** A book goes back down to the reader’s plate, which still speaks to it. */
export function BookToPlate() {
  return (
    <Picture name="book-to-plate">
      <path className="tint" d="M96 24h128v84H108a12 12 0 0 1-12-12V24Z" />
      <path d="M224 92V24H108a12 12 0 0 0-12 12v60a12 12 0 0 0 12 12h116V92H108a12 12 0 0 0-12 8" />
      <path d="M120 24v68" />
      <path d="M144 48h52M144 62h34" />
      <path className="strong" d="M160 124v44M142 152l18 18 18-18" />
      <path className="sheet" d="M56 196h208a12 12 0 0 1 12 12v12H44v-12a12 12 0 0 1 12-12Z" />
      <path d="M56 196h208a12 12 0 0 1 12 12v12H44v-12a12 12 0 0 1 12-12Z" />
      <path className="strong" d="M104 208h112" />
      <path
        className="strong"
        d="M64 176c-10-10-14-22-14-34M84 178c-8-8-12-18-12-30M256 176c10-10 14-22 14-34M236 178c8-8 12-18 12-30"
      />
    </Picture>
  );
}
