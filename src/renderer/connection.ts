import type { FrameFromStation, FrameToStation } from '../shared/frames.ts';
import type { Browser } from './browser.ts';
import type { StationPort } from './port.ts';

/** First pause before connecting again; it doubles with each failure in a row. */
const retryDelayMs = 250;
const retryDelayMsMax = 5_000;
/** A socket that is open and silent for this long after the page asked for views is given up. */
const firstFrameTimeoutMs = 5_000;
/** Longest text taken from the station; a view with sixty rows is a hundredth of it. */
const frameCharsMax = 4_000_000;

/** Reaches the station through the web shell's WebSocket and keeps reaching for it, with a bounded back-off. */
export function connectBySocket(browser: Browser, path = './station'): StationPort {
  let socket: WebSocket | undefined;
  let up = false;
  let failures = 0;
  let cancelTimer = (): void => {};
  let frameListener = (_frame: FrameFromStation): void => {};
  let linkListener = (_up: boolean): void => {};

  const open = (): void => {
    const current = browser.openSocket(path);
    socket = current;
    current.onopen = () => {
      up = true;
      cancelTimer = browser.after(firstFrameTimeoutMs, () => current.close());
      linkListener(true);
    };
    current.onmessage = (event) => {
      const frame = readFrame(event.data);
      if (frame === undefined) return current.close();
      failures = 0;
      cancelTimer();
      frameListener(frame);
    };
    current.onclose = () => {
      if (socket !== current) return;
      socket = undefined;
      cancelTimer();
      if (up) linkListener((up = false));
      const delayMs = Math.min(retryDelayMsMax, retryDelayMs * 2 ** Math.min(failures, 10));
      failures += 1;
      cancelTimer = browser.after(delayMs * (0.75 + browser.chance() / 4), open);
    };
  };

  return {
    send: (frame: FrameToStation) => {
      if (up) socket?.send(JSON.stringify(frame));
    },
    onFrame: (listener) => {
      frameListener = listener;
    },
    onLink: (listener) => {
      linkListener = listener;
      listener(false);
      open();
    },
  };
}

/** A frame as far as the page must trust it: the station is the page's only source, so its version decides the rest. */
function readFrame(data: unknown): FrameFromStation | undefined {
  if (typeof data !== 'string' || data.length > frameCharsMax) return undefined;
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value !== 'object' || value === null || !('v' in value) || !('kind' in value))
      return undefined;
    return value as FrameFromStation;
  } catch {
    return undefined;
  }
}
