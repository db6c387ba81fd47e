/** How often the network fails, as probabilities for each message; drawn once for each seed. */
export interface NetworkFaults {
  readonly loseRequest: number;
  readonly loseReply: number;
  readonly garbleReply: number;
  /** The reply comes in pieces. */
  readonly split: number;
  readonly closeMidReply: number;
  /** The ACS takes the request only after the station has given up waiting. */
  readonly lateRequest: number;
}

export const noFaults: NetworkFaults = {
  loseRequest: 0,
  loseReply: 0,
  garbleReply: 0,
  split: 0,
  closeMidReply: 0,
  lateRequest: 0,
};
