import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

/** Something that stands before an ACS: TLS, or a telnet server’s questions. */
export interface Front {
  readonly port: number;
  /** What passed towards the ACS and back, unencrypted. */
  readonly passed: () => string;
  stop(): Promise<void>;
}

async function serve(server: Server, onSocket: (near: Socket) => void): Promise<Omit<Front, 'passed'>> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
  });
  server.on(server.listenerCount('secureConnection') > 0 ? 'secureConnection' : 'connection', onSocket);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => {
      for (const socket of open) socket.destroy();
      return new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}

function join(near: Socket, port: number, note: (chunk: Buffer) => void): void {
  const far = connect(port, '127.0.0.1');
  for (const socket of [near, far]) {
    socket.on('error', () => undefined);
    socket.on('data', note);
  }
  near.pipe(far);
  far.pipe(near);
  near.on('close', () => far.destroy());
  far.on('close', () => near.destroy());
}

/** What stunnel is to an ACS that has no TLS of its own. */
export async function tlsFront(acsPort: number, options: TlsOptions): Promise<Front> {
  let passed = '';
  const server = createTlsServer(options);
  server.on('tlsClientError', () => undefined);
  server.on('secureConnection', (near) => {
    near.on('error', () => undefined);
    join(near, acsPort, (chunk) => (passed += chunk.toString('utf8')));
  });
  const served = await serve(server, () => undefined);
  return { ...served, passed: () => passed };
}

/** A telnet server that asks for user and password and then hands over to the ACS. */
export async function telnetFront(acsPort: number, user: string, password: string): Promise<Front> {
  let passed = '';
  const front = await serve(createServer(), (near) => {
    let said = '';
    const lines: string[] = [];
    near.write('login: ');
    const hear = (chunk: Buffer): void => {
      said += chunk.toString('utf8');
      for (let end = said.indexOf('\r'); end >= 0 && lines.length < 2; end = said.indexOf('\r')) {
        lines.push(said.slice(0, end).trim());
        said = said.slice(end + 1);
        if (lines.length === 1) near.write('password: ');
      }
      if (lines.length < 2) return;
      near.off('data', hear);
      if (lines[0] !== user || lines[1] !== password) {
        near.end('Invalid login\r\n');
        return;
      }
      near.write('Login OK.  Initiating SIP\r\n');
      join(near, acsPort, (bytes) => (passed += bytes.toString('utf8')));
    };
    near.on('data', hear);
  });
  return { ...front, passed: () => passed };
}
