import { Barcode, Beam, Picture, Scanner } from './picture.tsx';

/** A book passes the light of the scanner on its way into the return slot. */
export function BookIntoSlot() {
  return (
    <Picture name="book-into-slot">
      <Scanner x={46} y={10} />
      <Beam x={88} y={64} depth={50} />
      <path className="tint" d="M30 114h112v88H42a12 12 0 0 1-12-12v-76Z" />
      <path d="M142 186v-72H42a12 12 0 0 0-12 12v64a12 12 0 0 0 12 12h100v-16H42a12 12 0 0 0-12 8" />
      <Barcode x={66} y={124} />
      <path className="strong" d="M160 158h44m-16-16 16 16-16 16" />
      <path className="sheet" d="M222 60h78v156h-78z" />
      <path d="M300 60h-70a8 8 0 0 0-8 8v148h78M222 134h-0M240 128h60v56h-60z" />
      <path className="tint" d="M240 128h60v56h-60z" />
      <path d="M300 128h-52a8 8 0 0 0-8 8v40a8 8 0 0 0 8 8h52M252 184l48-22" />
      <path d="M8 216h304" />
    </Picture>
  );
}
