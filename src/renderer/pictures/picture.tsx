import type { ReactNode } from 'react';

/** A drawing of the family: lines of one weight in ink, surfaces in the tint, and what matters in the action colour. */
export function Picture({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <svg className={`picture ${name}`} viewBox="0 0 320 240" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

/** The station's scanner, its window looking down at (x + 42, y + 58). */
export function Scanner({ x, y }: { readonly x: number; readonly y: number }) {
  return (
    <g transform={`translate(${x} ${y})`}>
      <path
        className="sheet"
        d="M12 0h60a10 10 0 0 1 10 10v30a10 10 0 0 1-10 10H12A10 10 0 0 1 2 40V10A10 10 0 0 1 12 0Z"
      />
      <path d="M12 0h60a10 10 0 0 1 10 10v30a10 10 0 0 1-10 10H12A10 10 0 0 1 2 40V10A10 10 0 0 1 12 0Z" />
      <path className="strong" d="M22 50h40" />
      <circle className="strong dot" cx="66" cy="14" r="2.5" />
    </g>
  );
}

/** The light that falls from the scanner's window. */
export function Beam({ x, y, depth }: { readonly x: number; readonly y: number; readonly depth: number }) {
  return (
    <g className="beam">
      <path className="light" d={`M${x - 20} ${y}h40l18 ${depth}h-76Z`} />
    </g>
  );
}

interface BarcodeProps {
  readonly x: number;
  readonly y: number;
  /** The scanner's line lies across it. */
  readonly read?: boolean;
}

/** A barcode as wide as a thumb. */
export function Barcode({ x, y, read = false }: BarcodeProps) {
  return (
    <>
      <path className="bars" d={[0, 5, 12, 16, 23, 30, 34, 41].map((at) => `M${x + at} ${y}v18`).join('')} />
      {read ? <path className="strong beam" d={`M${x - 16} ${y + 9}h73`} /> : null}
    </>
  );
}
