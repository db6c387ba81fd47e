import { describe, expect, it } from 'vitest';
import {
  decodeBlocks as decodeFeigBlocks,
  decodeInventory as decodeFeigInventory,
  decodeSystemInfo as decodeFeigSystemInfo,
  decodeVersion,
  feigAsk,
  type FeigCommand,
} from '../../../../src/devices/rfid-reader/feig/commands.ts';
import {
  decodeFeigReply,
  decodeFeigRequest,
  encodeFeigReply,
  encodeFeigRequest,
  feigReplySplitter,
} from '../../../../src/devices/rfid-reader/feig/frame.ts';
import {
  decodeBlocks as decodePadBlocks,
  decodeInventory as decodePadInventory,
  decodeTagInfo,
  padAsk,
} from '../../../../src/devices/rfid-reader/pad-810/commands.ts';
import {
  decodePadFrame,
  decodePadReply,
  encodePadFrame,
  encodePadReply,
  padSplitter,
  type PadFrame,
} from '../../../../src/devices/rfid-reader/pad-810/frame.ts';
import {
  decodeAccess,
  decodeBlocks as decodeRl866Blocks,
  decodeInventory as decodeRl866Inventory,
  decodeReply,
  decodeSystemInfo as decodeRl866SystemInfo,
  rl866Access,
  rl866Ask,
} from '../../../../src/devices/rfid-reader/rl866/commands.ts';
import { decodeRl866, encodeRl866, rl866Splitter } from '../../../../src/devices/rfid-reader/rl866/frame.ts';
import frames from '../../../fixtures/device-frames.json' with { type: 'json' };
import tags from '../../../fixtures/rfid-tags.json' with { type: 'json' };
import rl866Vectors from '../../../fixtures/rl866-and-peripherals.json' with { type: 'json' };

const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const hexOf = (data: Uint8Array) => Buffer.from(data).toString('hex').toUpperCase();
const of = (proto: string, dir: string) =>
  frames
    .filter((frame) => frame.proto.startsWith(proto) && frame.dir === dir)
    .map(({ name, hex }) => ({ name, hex }));

function named(proto: string, name: string): Uint8Array {
  const frame = frames.find((other) => other.proto === proto && other.name === name);
  if (frame === undefined) throw new Error(`no vector ${name}`);
  return bytes(frame.hex);
}

function valueOf<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string },
): T {
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

const uid = 'E004010031269117';
const b1 = bytes(tags.find(({ id }) => id === 'p3-iso-B1')?.memory ?? '').subarray(0, 32);

describe('FEIG frames', () => {
  it.each(of('feig', '>'))('> $name is taken apart and put together again', ({ hex }) => {
    expect(hexOf(encodeFeigRequest(valueOf(decodeFeigRequest(bytes(hex)))))).toBe(hex);
  });

  it.each(of('feig', '<'))('< $name is taken apart and put together again', ({ hex }) => {
    const reply = valueOf(decodeFeigReply(bytes(hex)));
    expect(hexOf(encodeFeigReply(reply))).toBe(hex);
    expect(feigReplySplitter().push(bytes(hex))).toEqual([{ kind: 'frame', bytes: bytes(hex) }]);
  });

  const asked: readonly (readonly [name: string, command: FeigCommand])[] = [
    ['Get Software Version 0x65', feigAsk.softwareVersion()],
    ['RF Reset 0x69', feigAsk.rfReset()],
    ['CPU Reset 0x63', feigAsk.cpuReset()],
    ['Inventory B0 01 00', feigAsk.inventory()],
    ['Inventory MORE (mode 80)', feigAsk.inventoryMore()],
    ['Get System Information addressed', feigAsk.systemInfo(uid)],
    ['Read Multiple Blocks 0..7 addressed', feigAsk.readBlocks(uid, 0, 8)],
    ['Write Multiple Blocks 0..7 same tag', feigAsk.writeBlocks(uid, 0, 4, b1)],
    ['Write AFI 07 (secured / checked in)', feigAsk.writeAfi(uid, 0x07)],
    ['Write AFI C2 (checked out)', feigAsk.writeAfi(uid, 0xc2)],
    ['Write DSFID 3E', feigAsk.writeDsfid(uid, 0x3e)],
    ['Select', feigAsk.select(uid)],
    ['Stay Quiet', feigAsk.stayQuiet(uid)],
    ['Reset to Ready', feigAsk.resetToReady(uid)],
    ['Get Multiple Block Security Status 0..7', feigAsk.blockSecurity(uid, 0, 8)],
    ['B1 custom NXP Set EAS (MFR 04, A2)', feigAsk.nxp('setEas', uid)],
    ['B1 custom NXP Reset EAS (A3)', feigAsk.nxp('resetEas', uid)],
    ['B1 custom NXP EAS Alarm test (A5)', feigAsk.nxp('easAlarm', uid)],
    ['Read Configuration CFG5 (RAM)', feigAsk.readConfig(5)],
    [
      'Write Configuration CFG5 in RAM: ONT=04 (report all tags, anticollision on)',
      feigAsk.writeConfig(
        5,
        Uint8Array.from({ length: 14 }, (_, index) => (index === 11 ? 4 : 0)),
      ),
    ],
    [
      'Write Multiple Blocks manual example (4-byte blocks)',
      feigAsk.writeBlocks('E00700000147677E', 0, 4, bytes('010203041112131421222324')),
    ],
    [
      'Write Multiple Blocks manual example (8-byte blocks)',
      feigAsk.writeBlocks(
        '6005000002112504',
        3,
        8,
        bytes('010203040506070811121314151617182122232425262728'),
      ),
    ],
  ];

  it.each(asked)('%s is asked for in these bytes', (name, command) => {
    const frame = encodeFeigRequest({ form: 'standard', address: 0xff, ...command });
    expect(hexOf(frame)).toBe(hexOf(named('feig-std', name)));
  });

  it('tell their tags', () => {
    const inventory = (name: string) =>
      decodeFeigInventory(valueOf(decodeFeigReply(named('feig-std', name))).data);
    expect(inventory('Inventory: 2 tags (DSFID 06, 3E)')).toEqual([
      { uid, dsfid: 0x06 },
      { uid: 'E00401001F77FB98', dsfid: 0x3e },
    ]);
    expect(inventory('Inventory: more data (status 94), 2 of n')).toHaveLength(2);
    // A bank card or a patron’s card of another kind is no library tag.
    expect(inventory('Inventory: 1 tag ISO14443A 4-byte UID 04A1B2C3')).toEqual([]);
    expect(decodeFeigInventory(bytes('0203'))).toBeUndefined();
    expect(decodeFeigInventory(bytes('01FF00'))).toBeUndefined();
    expect(decodeFeigInventory(new Uint8Array(0))).toBeUndefined();
  });

  it('tell a tag’s memory in the order of ISO 28560', () => {
    const name = 'Read Multiple Blocks 0..7 resp = ISO 28560-3 B.1 tag (note per-block byte reversal)';
    const blocks = decodeFeigBlocks(valueOf(decodeFeigReply(named('feig-std', name))).data);
    expect(blocks?.blockBytes).toBe(4);
    expect(hexOf(blocks?.data ?? new Uint8Array(0))).toBe(hexOf(b1));
    const wide = decodeFeigBlocks(
      valueOf(decodeFeigReply(named('feig-std', 'Read Multiple Blocks manual example (8-byte blocks)'))).data,
    );
    expect([wide?.blockBytes, wide?.data.length]).toEqual([8, 24]);
  });

  it('tell what a chip and a reader are', () => {
    const name = 'Get System Information resp DSFID 3E AFI 07 mem 03 1B(28 blk x4) IC 01';
    expect(decodeFeigSystemInfo(valueOf(decodeFeigReply(named('feig-std', name))).data)).toEqual({
      uid,
      dsfid: 0x3e,
      afi: 0x07,
      memory: [3, 0x1b],
    });
    const version = valueOf(decodeFeigReply(named('feig-std', 'Get Software Version resp'))).data;
    expect(decodeVersion(version)).toEqual({ software: '03.03', readerType: 0x53, iso15693: false });
  });
});

describe('frames of 3M pads', () => {
  it.each(of('3m', '>'))('> $name is taken apart and put together again', ({ hex }) => {
    expect(hexOf(encodePadFrame(valueOf(decodePadFrame(bytes(hex)))))).toBe(hex);
  });

  it.each(of('3m', '<'))('< $name is taken apart and put together again', ({ hex }) => {
    expect(hexOf(encodePadReply(valueOf(decodePadReply(bytes(hex)))))).toBe(hex);
    expect(padSplitter().push(bytes(hex))).toEqual([{ kind: 'frame', bytes: bytes(hex) }]);
  });

  const asked: readonly (readonly [name: string, frame: PadFrame])[] = [
    ['probe (undocumented, prefix D5)', padAsk.probe()],
    ['init (undocumented; Helmet)', padAsk.init()],
    ['Reader Version', padAsk.version()],
    ['Read Block UID (AFI 00, opts 07 = +DSFID)', padAsk.inventory()],
    ['Get AFI', padAsk.getAfi(uid)],
    ['Read Multiblock 0..7', padAsk.readBlocks(uid, 0, 8)],
    ['Write AFI 07', padAsk.writeAfi(uid, 0x07)],
    ['Write AFI C2', padAsk.writeAfi(uid, 0xc2)],
    ['EAS Control set 1', padAsk.easControl(uid, true)],
    ['Check EAS', padAsk.checkEas(uid)],
    ['Tag Info (DSFID|AFI|mem|icref)', padAsk.tagInfo(uid)],
    ['Write Multiblock 0..1', padAsk.writeBlocks('0000000001234567', 0, bytes('1234ABCD55667788'))],
  ];

  it.each(asked)('%s is asked for in these bytes', (name, frame) => {
    expect(hexOf(encodePadFrame(frame))).toBe(hexOf(named('3m', name)));
  });

  it('tell tags, memory and what a chip is', () => {
    const data = (name: string) => valueOf(decodePadReply(named('3m', name))).data;
    expect(decodePadInventory(data('Read Block UID: 2 tags (capture)'))).toEqual([
      { uid },
      { uid: 'E00401001F77FB98' },
    ]);
    expect(decodePadInventory(data('Read Block UID opts 07: 0 tags'))).toEqual([]);
    const book = decodePadBlocks(data('Read Multiblock 0..7 (capture, book 1302099999)').subarray(8), 0, 8);
    expect(Buffer.from(book ?? []).toString('latin1')).toContain('1302099999');
    const two = decodePadBlocks(data('Read Multiblock old style 2 blocks').subarray(8), 0, 2);
    expect(hexOf(two ?? new Uint8Array(0))).toBe('0011223300112233');
    expect(decodePadBlocks(data('Read Multiblock old style 2 blocks').subarray(8), 1, 2)).toBeUndefined();
    expect(decodeTagInfo(data('Tag Info reply: only AFI available = DA').subarray(8))).toEqual({ afi: 0xda });
  });
});

describe('frames of RL866', () => {
  const whole = [
    ...of('rl866', '>'),
    ...of('rl866', '<'),
    ...rl866Vectors.rl866_frames.map(({ name, hex }) => ({ name, hex: hex.toUpperCase() })),
    ...rl866Vectors.rl866_derived
      .filter((vector) => !('expect' in vector) || vector.expect.startsWith('ERR'))
      .map(({ name, hex }) => ({ name, hex: hex.toUpperCase() })),
  ];

  it.each(whole)('$name is taken apart and put together again', ({ hex }) => {
    expect(hexOf(encodeRl866(valueOf(decodeRl866(bytes(hex)))))).toBe(hex);
    expect(rl866Splitter().push(bytes(hex))).toEqual([{ kind: 'frame', bytes: bytes(hex) }]);
  });

  const tag = 'E00401003F3827A7';
  const asked: readonly (readonly [name: string, control: number, information: Uint8Array])[] = [
    ['Tag inventory (seq 1)', 0x40, rl866Ask.inventory()],
    ['Tag connect', 0x40, rl866Ask.connect(tag, 1)],
    ['Get tag system info', 0x40, rl866Ask.systemInfo(1)],
    ['Write multiple blocks @12', 0x40, rl866Ask.writeBlocks(1, 12, 1, bytes('36373800'))],
    ['Tag disconnect', 0x00, rl866Ask.disconnect(1)],
    ['Write AFI C2 (access code 0006, seq 0)', 0x00, rl866Ask.writeAfi(1, 0xc2)],
    ['Write AFI 07 (access code 0006, seq 1)', 0x40, rl866Ask.writeAfi(1, 0x07)],
  ];

  it.each(asked)('%s is asked for in these bytes', (name, control, information) => {
    expect(hexOf(encodeRl866({ address: 0xff, control, information }))).toBe(hexOf(named('rl866', name)));
  });

  const derived: readonly (readonly [name: string, information: Uint8Array])[] = [
    ['write AFI 0x07 (secure)', rl866Ask.writeAfi(1, 0x07)],
    ['enable EAS', rl866Ask.eas(1, 'easOn')],
    ['disable EAS', rl866Ask.eas(1, 'easOff')],
    ['EAS alarm query', rl866Ask.eas(1, 'easAlarm')],
    ['read multiple blocks, 256 blocks, no security status', rl866Ask.readBlocks(1, 0, 256)],
  ];

  it.each(derived)('%s is asked for in these bytes', (name, information) => {
    const vector = rl866Vectors.rl866_derived.find((other) => other.name === name);
    expect(hexOf(encodeRl866({ address: 0xff, control: 0, information }))).toBe(vector?.hex.toUpperCase());
  });

  it('write a DSFID as they write an AFI, by the code two after it, and never one that locks', () => {
    expect(hexOf(rl866Ask.writeAfi(1, 0x3e))).toBe('340103' + '0600' + '3E');
    expect(hexOf(rl866Ask.writeDsfid(1, 0x3e))).toBe('340103' + '0800' + '3E');
    const locks = [0x0005, 0x0007, 0x0009, 0x000e];
    expect(Object.values(rl866Access).filter((code) => locks.includes(code))).toEqual([]);
  });

  it('tell tags, what a chip is, and its memory', () => {
    const fields = (name: string) =>
      decodeReply(valueOf(decodeRl866(named('rl866', name))).information)?.fields;
    const inventory = rl866Vectors.rl866_frames.find(({ name }) => name === 'tag inventory reply, 3 tags');
    const found = decodeRl866Inventory(
      decodeReply(valueOf(decodeRl866(bytes(inventory?.hex ?? ''))).information)?.fields ?? new Uint8Array(0),
    );
    expect(found?.tags.map((seen) => seen.uid)).toEqual(
      inventory !== undefined && 'uids' in inventory ? inventory.uids : [],
    );
    const info = decodeAccess(fields('Get tag system info resp') ?? new Uint8Array(0), 0x000a);
    expect(info?.done === true ? decodeRl866SystemInfo(info.data) : undefined).toEqual({
      uid: tag,
      dsfid: 0,
      afi: 0,
      size: { blocks: 28, blockBytes: 4 },
    });
    const read = decodeAccess(fields('Read multiple blocks resp') ?? new Uint8Array(0), 0x0003);
    const blocks = read?.done === true ? decodeRl866Blocks(read.data) : undefined;
    expect([blocks?.count, hexOf(blocks?.data ?? new Uint8Array(0))]).toEqual([1, '36373800']);
  });

  const derivedBytes = (name: string) =>
    bytes(rl866Vectors.rl866_derived.find((vector) => vector.name.startsWith(name))?.hex ?? '');

  it('with an error tell which', () => {
    const none = decodeReply(
      valueOf(decodeRl866(derivedBytes('inventory reply with status 0x0420'))).information,
    );
    expect(none).toMatchObject({ command: 0x31, status: 0x0420 });
    const locked = decodeReply(
      valueOf(decodeRl866(derivedBytes('access result failure 0x041B'))).information,
    );
    expect(decodeAccess(locked?.fields ?? new Uint8Array(0), 0x0006)).toEqual({ done: false, error: 0x041b });
  });

  it('that are none are not taken for frames', () => {
    const cuts = (name: string) => {
      const splitter = rl866Splitter();
      const last = () => splitter.pause();
      return [...splitter.push(derivedBytes(name)), last()].filter((cut) => cut?.kind === 'frame').length;
    };
    expect(derivedBytes('wrong SOF').length).toBeGreaterThan(0);
    expect(cuts('wrong SOF')).toBe(0);
    expect(cuts('LEN says 9')).toBe(0);
    expect(cuts('two frames in one read')).toBe(2);
  });
});
