import { connect } from 'node:net';
import type { OpenByteStream } from '../kernel/bytes.ts';
import { closedByPeer, socketStream } from '../sip2/socket-stream.ts';

/** The socket of a service on this machine. */
export function openUnixSocket(path: string): OpenByteStream {
  return (events) =>
    socketStream(connect({ path }), 'connect', events, (error) => ({
      reason: error === undefined ? closedByPeer : (error.code ?? 'error'),
    }));
}
