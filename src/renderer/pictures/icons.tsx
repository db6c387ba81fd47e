import type { ReactNode } from 'react';
import type { ItemState, Service } from '../../shared/view.ts';
import { useSpeech } from '../speak.ts';

/** One line drawing of the family: 48 units, a stroke of 2.5, round joints. It says nothing that words do not say too. */
function Icon({ children, className = '' }: { readonly children: ReactNode; readonly className?: string }) {
  return (
    <svg className={`icon ${className}`} viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

/** The sign of a state: always with its word for those who do not see it. */
export function Sign({ state }: { readonly state: ItemState }) {
  const { words } = useSpeech();
  return (
    <span className="sign" data-state={state} role="img" aria-label={words(`state.${state}`)}>
      <Icon>{signOf(state)}</Icon>
    </span>
  );
}

/** In the place of a sign where there is none to give: a thing of the library that just is there. */
export function NoSign() {
  return (
    <span className="sign" data-state="none">
      <Icon>
        <path d="M24 14c-4-3-9-3.5-13-3v22c4-.5 9 0 13 3 4-3 9-3.500 13-3V11c-4-.5-9 0-13 3Zm0 0v22" />
      </Icon>
    </span>
  );
}

function signOf(state: ItemState): ReactNode {
  switch (state) {
    case 'reading':
      return <path d="M10 18v-6h6M38 18v-6h-6M10 30v6h6M38 30v6h-6M15 24h18" />;
    case 'pending':
      return (
        <g className="waiting-dots">
          <circle cx="13" cy="24" r="2.5" />
          <circle cx="24" cy="24" r="2.5" />
          <circle cx="35" cy="24" r="2.5" />
        </g>
      );
    case 'done':
      return <path d="m12 25 8.500 9L37 15" />;
    case 'refused':
      return <path d="m14 14 20 20M34 14 14 34" />;
    case 'offline':
      return <path d="m12 24 7 7.500L31 18M38 12v13M38 33v.5" />;
    case 'attention':
      return <path d="M24 9 41 38H7L24 9Zm0 11v9M24 33.500v.2" />;
  }
}

export function ServiceIcon({ service }: { readonly service: Service }) {
  return <Icon className="service-icon">{serviceDrawing(service)}</Icon>;
}

function serviceDrawing(service: Service): ReactNode {
  switch (service) {
    case 'borrow':
      return (
        <>
          <path className="fill" d="M8 10h17v24H12a4 4 0 0 0-4 4V10Z" />
          <path d="M25 34V10H12a4 4 0 0 0-4 4v24a4 4 0 0 1 4-4h13Zm0 0v8H12a4 4 0 0 1-4-4" />
          <path d="M31 24h12m-5-6 6 6-6 6" />
        </>
      );
    case 'return':
      return (
        <>
          <path className="fill" d="M23 10h17v28a4 4 0 0 0-4-4H23V10Z" />
          <path d="M23 34V10h13a4 4 0 0 1 4 4v24a4 4 0 0 0-4-4H23Zm0 0v8h13a4 4 0 0 0 4-4" />
          <path d="M4 24h13m-5-6 6 6-6 6" />
        </>
      );
    case 'account':
      return (
        <>
          <rect className="fill" x="5" y="11" width="38" height="27" rx="4" />
          <rect x="5" y="11" width="38" height="27" rx="4" />
          <circle cx="16" cy="21" r="4" />
          <path d="M9.500 32c.6-4 3.200-6 6.500-6s5.900 2 6.500 6M29 19h8M29 25h8M29 31h5" />
        </>
      );
  }
}

export function BackspaceIcon() {
  return (
    <Icon>
      <path d="M17 11h24v26H17L5 24l12-13Zm6 8 10 10m0-10L23 29" />
    </Icon>
  );
}

export function ShiftIcon() {
  return (
    <Icon>
      <path d="M24 8 9 24h8v14h14V24h8L24 8Z" />
    </Icon>
  );
}
