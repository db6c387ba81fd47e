import { Picture } from './picture.tsx';

/** A bag with books, ready to be carried home. */
export function BagOfBooks() {
  return (
    <Picture name="bag-of-books">
      <path className="light" d="M128 104V48l40-10 14 66ZM178 104l-8-60 34-4 10 64Z" />
      <path d="M128 104V52l38-12 16 64M174 70l-4-24 34-4 10 62M140 62l16-5M146 80l20-6" />
      <path className="tint" d="M96 104h128l12 112H84Z" />
      <path d="M96 104h128l12 112H84Z" />
      <path d="M128 122V100c0-44 64-44 64 0v22" />
      <circle className="dot" cx="128" cy="124" r="3" />
      <circle className="dot" cx="192" cy="124" r="3" />
      <path className="strong" d="m138 168 16 16 30-34" />
      <path d="M40 216h240" />
    </Picture>
  );
}
