import { Picture } from './picture.tsx';

/** The station rests: its screen is dark, a moon stands over it. */
export function StationAsleep() {
  return (
    <Picture name="station-asleep">
      <path
        className="sheet"
        d="M112 40h96a10 10 0 0 1 10 10v104a10 10 0 0 1-10 10h-96a10 10 0 0 1-10-10V50a10 10 0 0 1 10-10Z"
      />
      <path className="tint" d="M116 54h88v82h-88z" />
      <path d="M112 40h96a10 10 0 0 1 10 10v104a10 10 0 0 1-10 10h-96a10 10 0 0 1-10-10V50a10 10 0 0 1 10-10ZM116 54h88v82h-88zM152 150h16" />
      <path d="M148 164v34M172 164v34M116 216c0-12 10-18 24-18h40c14 0 24 6 24 18" />
      <path className="strong" d="M138 92c4 5 12 5 16 0M166 92c4 5 12 5 16 0" />
      <path className="strong" d="M268 34c-22 2-30 30-10 42 8 5 18 4 24-1-20 2-32-24-14-41Z" />
      <path className="strong" d="M228 66h12l-12 14h12" />
      <path d="M40 216h240" />
    </Picture>
  );
}
