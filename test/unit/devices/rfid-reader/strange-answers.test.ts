import { describe, expect, it } from 'vitest';
import { encodeFeigReply } from '../../../../src/devices/rfid-reader/feig/frame.ts';
import { encodePadReply } from '../../../../src/devices/rfid-reader/pad-810/frame.ts';
import { encodeRl866, rl866 } from '../../../../src/devices/rfid-reader/rl866/frame.ts';
import { VirtualTag } from '../../../../src/simulator/rfid/tag-field.ts';
import { Stream } from '../../../simulation/streams.ts';
import { families, RfidRig, uidNumber, type ReaderFamily } from '../../../support/rfid-rig.ts';

/** An answer to the frame that was sent last: whole, of the right command, with this status and these data. */
type Answer = (sent: Uint8Array, status: number, data: Uint8Array) => Uint8Array;

const feig: Answer = (sent, status, data) => {
  const form = sent[0] === 0x02 ? 'advanced' : 'standard';
  const command = sent[form === 'advanced' ? 4 : 2] ?? 0;
  return encodeFeigReply({ form, address: 0, command, status, data });
};
const pad: Answer = (sent, error, data) => {
  const [mark = 0, , , command = 0] = sent;
  // An answer about a tag carries its UID.
  const uid = sent.subarray(4, Math.min(12, sent.length - 2));
  return encodePadReply({ mark, command, error, data: Uint8Array.of(...uid, ...data) });
};
const module866: Answer = (sent, status, data) => {
  const command = sent[4] ?? 0;
  const information = Uint8Array.of(command, status, status === 0 ? 0 : 4, ...data);
  return encodeRl866({ address: rl866.fromReader, control: sent[3] ?? 0, information });
};

const answers = (family: ReaderFamily): Answer => {
  if (family.name.startsWith('FEIG')) return feig;
  return family.name.startsWith('3M') ? pad : module866;
};

describe.each(families)('$name', (family) => {
  const answer = answers(family);

  function strange(seed: number, share: number, status: (stream: Stream) => number) {
    const stream = new Stream(seed, 'strange');
    const rig = RfidRig.settled({ family }, { uid: uidNumber(1), memory: Uint8Array.of(1, 2, 3, 4) });
    rig.port.spoil = (bytes) => {
      const sent = rig.port.sent.at(-1) ?? new Uint8Array(0);
      // The answer that brings host and reader together again has no content to be strange.
      const resync = sent[3] === rl866.resync && sent[0] === 0xfa;
      if (resync || !stream.chance(share)) return [{ bytes, afterMs: 0 }];
      return [{ bytes: answer(sent, status(stream), stream.bytes(stream.whole(0, 40))), afterMs: 0 }];
    };
    return { stream, rig };
  }

  it('takes every status to every question for an answer with a name, and goes on afterwards', () => {
    for (let status = 0; status <= 0xff; status += 5) {
      const { rig } = strange(status + 1, 0.7, () => status);
      rig.reader.setSecurity(uidNumber(1), false, rig.reply);
      rig.field.put(new VirtualTag({ uid: uidNumber(2) }));
      for (let waited = 0; rig.outcomes.length === 0 && waited < 120; waited += 1) rig.clock.advance(1_000);
      expect(rig.outcomes).toHaveLength(1);
      rig.port.spoil = undefined;
      rig.clock.advance(20_000);
      expect(rig.states.at(-1)).toBe('ready');
      expect(rig.tags.filter(({ still }) => still).map(({ uid }) => uid)).toContain(uidNumber(1));
      expect(rig.secure(uidNumber(1), true)).toEqual({ kind: 'done' });
    }
  });

  it('never throws at contents that mean nothing, and comes back to the truth', () => {
    for (let seed = 1; seed <= 8; seed += 1) {
      const { rig, stream } = strange(seed, 0.5, (chance) => chance.pick([0, 0, 0x94, 0x83, 0x95, 1, 6]));
      rig.reader.setSecurity(uidNumber(1), false, rig.reply);
      rig.reader.write(uidNumber(1), { firstBlock: 1, data: stream.bytes(8) }, rig.reply);
      for (let waited = 0; rig.outcomes.length < 2 && waited < 240; waited += 1) rig.clock.advance(1_000);
      expect(rig.outcomes).toHaveLength(2);
      rig.port.spoil = undefined;
      rig.clock.advance(30_000);
      expect(rig.states.at(-1)).toBe('ready');
      expect(rig.tags.map(({ uid }) => uid)).toEqual([uidNumber(1)]);
      expect([...(rig.tag(uidNumber(1))?.memory ?? [])].slice(0, 28)).toEqual([
        ...rig.virtual(uidNumber(1)).memory.subarray(0, 28),
      ]);
    }
  });
});
