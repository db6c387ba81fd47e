import { Barcode, Beam, Picture, Scanner } from './picture.tsx';

/** A book passes the light of the scanner on its way into the box with the slot. */
export function BookIntoSlot() {
  return (
    <Picture name="book-into-slot">
      <Scanner x={38} y={10} />
      <Beam x={80} y={64} depth={50} />
      <path className="tint" d="M22 114h112v88H34a12 12 0 0 1-12-12v-76Z" />
      <path d="M134 186v-72H34a12 12 0 0 0-12 12v64a12 12 0 0 0 12 12h100v-16H34a12 12 0 0 0-12 8" />
      <Barcode x={58} y={124} read />
      <path className="strong" d="M150 142h40m-14-14 14 14-14 14" />
      <path className="sheet" d="M214 70h84a8 8 0 0 1 8 8v138H206V78a8 8 0 0 1 8-8Z" />
      <path className="tint" d="M222 118h68v48h-68z" />
      <path d="M214 70h84a8 8 0 0 1 8 8v138H206V78a8 8 0 0 1 8-8Z" />
      <path d="M222 118h68v48h-68zM222 118l14 14h40l14-14M236 132v34M276 132v34" />
      <path className="strong" d="M244 92h24m-8-7 8 7-8 7" />
      <path d="M8 216h304" />
    </Picture>
  );
}
