import { encodeLengthFrame } from './length-frames.ts';

const wgcHead = [0x04, 0x31, 0x00] as const;
/** The last byte of a WGC300 command: with a beep. */
const wgcBeep = 0x31;

function wgc(text: string): Uint8Array {
  return encodeLengthFrame(...wgcHead, ...Buffer.from(text, 'latin1'), wgcBeep);
}

function wgi(...data: readonly number[]): Uint8Array {
  return encodeLengthFrame(0x57, ...data);
}

/** What scanners of open hardware kiosks (WGC300UsbAT, WGI3220USB) can be told, by our names. */
export const setupCommands = {
  'wgc300-settings-enter': wgc('$%SET'),
  'wgc300-settings-exit': wgc('$%END'),
  'wgc300-scan': wgc('&LT'),
  'wgc300-stop': wgc("'LS"),
  'wgc300-factory-defaults': wgc('(DF'),
  'wgc300-version': wgc('+RV'),
  'wgc300-codes-none': wgc('PI1000'),
  'wgc300-codes-all': wgc('PI1001'),
  'wgc300-code39': wgc('PIF001'),
  'wgi3220-confirm': wgi(0x0e, 0x0d, 0x01),
  'wgi3220-version': wgi(0x0e, 0x0d, 0x02),
  'wgi3220-factory-defaults': wgi(0xa1, 0x01, 0x0f),
  'wgi3220-scan': wgi(0xa0, 0x01, 0x01),
  'wgi3220-stop': wgi(0xa0, 0x01, 0x00),
  'wgi3220-auto': wgi(0xa1, 0x02, 0x02),
} as const;

export type SetupCommand = keyof typeof setupCommands;
export const setupCommandNames = Object.keys(setupCommands) as readonly SetupCommand[];
