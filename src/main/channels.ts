/** All that passes between the page and the main process. */
export const channels = {
  /** The page wants a link to the station, and gives up any that it had. */
  connect: 'omatoimi:connect',
  /** A frame of the page. */
  toStation: 'omatoimi:to-station',
  /** A frame of the station. */
  fromStation: 'omatoimi:from-station',
  /** Whether the link is up. */
  link: 'omatoimi:link',
  /** Is the page alive? */
  ping: 'omatoimi:ping',
  /** It is. */
  pong: 'omatoimi:pong',
  /** The page was refused something by its own side of the fence: the directive of its content policy, or `drop`. */
  refused: 'omatoimi:refused',
} as const;

export type FromPage = (typeof channels)['connect' | 'toStation' | 'pong' | 'refused'];
export type ToPage = (typeof channels)['fromStation' | 'link' | 'ping'];
