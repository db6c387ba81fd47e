import { Picture } from './picture.tsx';

/** A receipt comes up out of the printer, to be taken. */
export function ReceiptPrinter() {
  return (
    <Picture name="receipt-printer">
      <path className="sheet" d="M112 132V36l16 10 16-10 16 10 16-10 16 10 16-10v96Z" />
      <path d="M112 132V36l16 10 16-10 16 10 16-10 16 10 16-10v96M132 70h56M132 86h56M132 102h24" />
      <path className="strong" d="m166 104 8 9 16-18" />
      <path className="tint" d="M96 132h128a12 12 0 0 1 12 12v72H84v-72a12 12 0 0 1 12-12Z" />
      <path d="M84 216v-72a12 12 0 0 1 12-12h128a12 12 0 0 1 12 12v72" />
      <path className="strong" d="M104 132h112" />
      <path d="M108 176h60M108 192h36" />
      <circle className="strong dot" cx="212" cy="156" r="3" />
      <path className="strong" d="M260 116V60m-18 18 18-18 18 18" />
      <path d="M40 216h240" />
    </Picture>
  );
}
