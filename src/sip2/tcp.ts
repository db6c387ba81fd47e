import { connect } from 'node:net';
import type { OpenByteStream } from '../kernel/bytes.ts';
import { closedByPeer, keepAliveDelayMs, socketStream } from './socket-stream.ts';

/** Plain TCP. */
export function openTcp(host: string, port: number): OpenByteStream {
  return (events) => {
    const keepAlive = { keepAlive: true, keepAliveInitialDelay: keepAliveDelayMs } as const;
    const socket = connect({ host, port, noDelay: true, ...keepAlive });
    return socketStream(socket, 'connect', events, (error) => ({
      reason: error === undefined ? closedByPeer : (error.code ?? 'error'),
    }));
  };
}
