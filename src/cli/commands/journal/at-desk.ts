import { userInfo } from 'node:os';
import { accountNameCharsMax, type DeskAct } from '../../../shared/desk.ts';
import { openLocalSocket } from '../../../station/socket-connect.ts';
import { askDesk } from '../../ask-station.ts';
import { exits, type Exit, type Terminal } from '../command.ts';
import { socketOf, type Where } from '../station-address.ts';

/** Who sits at this terminal, for the audit log: the account, and where `sudo` lent it, whose it is. */
export function accountName(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const own = ownName(env);
  const lentTo = env.SUDO_USER;
  const name = lentTo === undefined || lentTo === '' || lentTo === own ? own : `${lentTo} as ${own}`;
  return name.slice(0, accountNameCharsMax);
}

/** An account without a name in the system's list has a number only. */
function ownName(env: Readonly<Record<string, string | undefined>>): string {
  try {
    return userInfo().username;
  } catch {
    return env.USER ?? `account ${process.getuid?.() ?? 'unknown'}`;
  }
}

export interface AtDesk {
  readonly where: Where;
  readonly act: DeskAct;
  readonly terminal: Terminal;
  /** What to say about the answer. */
  tell(value: unknown): readonly string[];
  readonly json?: boolean;
}

/** Has the running station do one act, and tells what came of it. */
export async function atDesk({ where, act, terminal, tell, json = false }: AtDesk): Promise<Exit> {
  const path = socketOf(where, terminal);
  if (path === undefined) return exits.failed;
  const answer = await askDesk(openLocalSocket(path), { by: accountName(), act });
  if (!answer.ok) {
    terminal.err(`${path}: ${answer.error}.`);
    return exits.failed;
  }
  const lines = json ? [JSON.stringify(answer.value, undefined, 2)] : tell(answer.value);
  for (const line of lines) terminal.out(line);
  return exits.fine;
}
