import { Picture } from './picture.tsx';

/** An open book whose page turns. */
export function Waiting() {
  return (
    <Picture name="waiting">
      <path
        className="tint"
        d="M160 72c-30-22-76-26-116-22v132c40-4 86 0 116 22 30-22 76-26 116-22V50c-40-4-86 0-116 22Z"
      />
      <path d="M160 72c-30-22-76-26-116-22v132c40-4 86 0 116 22 30-22 76-26 116-22V50c-40-4-86 0-116 22Zm0 0v132" />
      <path d="M68 84c24-1 48 2 68 10M68 110c24-1 48 2 68 10M68 136c24-1 48 2 68 10" />
      <path className="sheet turning" d="M160 72c18-24 44-42 76-50v132c-32 8-58 26-76 50Z" />
      <path className="strong turning" d="M160 72c18-24 44-42 76-50v132c-32 8-58 26-76 50" />
    </Picture>
  );
}
