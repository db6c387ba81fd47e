import { Barcode, Picture } from './picture.tsx';

/** A card with a lock: only its owner opens it. */
export function CardAndLock() {
  return (
    <Picture name="card-and-lock">
      <path
        className="tint"
        d="M56 62h160a10 10 0 0 1 10 10v92a10 10 0 0 1-10 10H56a10 10 0 0 1-10-10V72a10 10 0 0 1 10-10Z"
      />
      <path d="M56 62h160a10 10 0 0 1 10 10v92a10 10 0 0 1-10 10H56a10 10 0 0 1-10-10V72a10 10 0 0 1 10-10Z" />
      <Barcode x={66} y={80} />
      <path d="M66 142h44M66 156h28" />
      <path d="M206 132v-18c0-34 50-34 50 0v18" />
      <path
        className="sheet"
        d="M198 132h66a8 8 0 0 1 8 8v44a8 8 0 0 1-8 8h-66a8 8 0 0 1-8-8v-44a8 8 0 0 1 8-8Z"
      />
      <path d="M198 132h66a8 8 0 0 1 8 8v44a8 8 0 0 1-8 8h-66a8 8 0 0 1-8-8v-44a8 8 0 0 1 8-8Z" />
      <path className="strong" d="M231 158v12" />
      <circle className="strong dot" cx="231" cy="155" r="3" />
    </Picture>
  );
}
