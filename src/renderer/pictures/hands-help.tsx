import { Picture } from './picture.tsx';

/** Someone at the desk, ready to help. */
export function HandsHelp() {
  return (
    <Picture name="hands-help">
      <circle className="sheet" cx="160" cy="70" r="30" />
      <circle cx="160" cy="70" r="30" />
      <path d="M131 64c12 2 30-4 36-16 4 8 12 14 22 15M150 76v2M171 76v2M152 86c5 5 12 5 17 0" />
      <path className="tint" d="M96 168c2-38 26-58 64-58s62 20 64 58Z" />
      <path d="M96 168c2-38 26-58 64-58s62 20 64 58M142 112l18 22 18-22" />
      <path
        className="strong"
        d="M48 92h44a8 8 0 0 1 8 8v20a8 8 0 0 1-8 8H72l-12 12v-12H48a8 8 0 0 1-8-8v-20a8 8 0 0 1 8-8ZM54 110h.2M70 110h.2M86 110h.2"
      />
      <path className="sheet" d="M40 168h240v48H40z" />
      <path d="M24 168h272M40 168v48h240v-48" />
    </Picture>
  );
}
