import type { FrameFromStation, FrameToStation } from '../shared/frames.ts';

/**
 * The way to the station, whatever shell the page runs in. The web shell is reached by a WebSocket; an Electron
 * preload offers the same as `window.omatoimi`. Each listener is set once, before anything is sent.
 */
export interface StationPort {
  /** Hands a frame over; without a link it is dropped, never kept for later: a key pressed into the void is void. */
  send(frame: FrameToStation): void;
  onFrame(listener: (frame: FrameFromStation) => void): void;
  /** Told at once with the present state, then whenever the link comes or goes. */
  onLink(listener: (up: boolean) => void): void;
}

declare global {
  interface Window {
    readonly omatoimi?: StationPort;
  }
}
