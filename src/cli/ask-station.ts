import { z } from 'zod';
import { systemClock } from '../kernel/clock.ts';
import { LineReader } from '../kernel/lines.ts';
import type { OpenByteStream } from '../kernel/bytes.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { DeskRequest } from '../shared/desk.ts';
import type { FrameToStation } from '../shared/frames.ts';
import { tagActMsMax, type TagRequest } from '../shared/tag-orders.ts';
import { contractVersion } from '../shared/view.ts';

type About = Extract<FrameToStation, { kind: 'ask' }>['about'];

/** The error where nothing listens on the socket. */
export const noStation = 'no station is running there';

const answerMsMax = 5_000;
const answerBytesMax = 4_194_304;

/** Asks a running station one question. The error is a sentence. */
export function askStation(open: OpenByteStream, about: About): Promise<Result<unknown, string>> {
  return exchange(open, { v: contractVersion, kind: 'ask', id: 'cli', about }, answerMsMax);
}

/** Has a running station do something with its journal. The error is a sentence. */
export async function askDesk(open: OpenByteStream, ask: DeskRequest): Promise<Result<unknown, string>> {
  return deskAnswer(await exchange(open, { v: contractVersion, kind: 'desk', id: 'cli', ask }, answerMsMax));
}

/** Has a running station do something with the tags before its reader. The error is a sentence. */
export async function askTags(open: OpenByteStream, ask: TagRequest): Promise<Result<unknown, string>> {
  const msMax = ask.waitMs + tagActMsMax + answerMsMax;
  return deskAnswer(await exchange(open, { v: contractVersion, kind: 'tags', id: 'cli', ask }, msMax));
}

function deskAnswer(answer: Result<unknown, string>): Result<unknown, string> {
  if (!answer.ok) return answer;
  const told = deskAnswerSchema.safeParse(answer.value);
  if (!told.success) return err('the station answers in a form that this program does not know');
  return told.data.ok ? ok(told.data.value) : err(told.data.reason);
}

const deskAnswerSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), reason: z.string() }),
]);

function exchange(
  open: OpenByteStream,
  frame: FrameToStation,
  msMax: number,
): Promise<Result<unknown, string>> {
  return new Promise((resolve) => {
    const reader = new LineReader(answerBytesMax);
    const finish = (result: Result<unknown, string>) => {
      cancel();
      stream.close();
      resolve(result);
    };
    const cancel = systemClock.after(msMax, () => finish(err('the station did not answer in time')));
    const stream = open({
      opened: () => {
        stream.write(Buffer.from(`${JSON.stringify(frame)}\n`));
      },
      bytes: (chunk) => {
        for (const line of reader.push(chunk)) {
          const answer = line === 'tooLong' ? err('the station’s answer is too long') : readAnswer(line);
          if (answer !== undefined) return finish(answer);
        }
      },
      closed: (reason) => finish(err(closedWords(reason))),
    });
  });
}

/** Undefined for a frame that is not for us. */
function readAnswer(line: Buffer): Result<unknown, string> | undefined {
  const frame: unknown = JSON.parse(line.toString('utf8'));
  if (typeof frame !== 'object' || frame === null || !('kind' in frame))
    return err('the station’s answer is no frame');
  if (frame.kind === 'refused') return err('the station speaks another version of the contract');
  return frame.kind === 'told' && 'answer' in frame ? ok(frame.answer) : undefined;
}

function closedWords(reason: string): string {
  if (reason === 'ENOENT' || reason === 'ECONNREFUSED') return noStation;
  if (reason === 'EACCES') return 'the station belongs to another user of this machine';
  return `the connection to the station ended (${reason})`;
}
