import type { CardRead } from './card-reader.ts';

/**
 * The one input report of a MagTek swipe reader in HID mode: three bytes of decode status (0 is well), three of length, the
 * card’s kind, and 110 bytes for each track.
 */
const statusAt = 0;
const lengthAt = 3;
const tracksAt = 7;
const trackBytes = 110;
const reportBytes = tracksAt + 3 * trackBytes;
/** Readers that encrypt have longer places for their tracks, and nothing in them that could be read. */
const encryptingReportBytes = tracksAt + 3 * 112;

export type Track = 1 | 2 | 3;

/** What is on the track of one swipe: what stands between its start sign and its first separator or its end. */
export function readMagtek(report: Uint8Array, track: Track): CardRead {
  if (report.length >= encryptingReportBytes) return { kind: 'unreadable', why: 'encrypted' };
  if (report.length < reportBytes) return { kind: 'unreadable', why: 'badReport' };
  if (report[statusAt + track - 1] !== 0) return { kind: 'unreadable', why: 'badRead' };
  const length = report[lengthAt + track - 1] ?? 0;
  if (length === 0) return { kind: 'unreadable', why: 'noTrack' };
  if (length > trackBytes) return { kind: 'unreadable', why: 'badReport' };
  const start = tracksAt + (track - 1) * trackBytes;
  return numberOf(Buffer.from(report.subarray(start, start + length)).toString('latin1'));
}

/** ISO/IEC 7811-2 and 7813: `%` or `;`, the number, `^` or `=` and what is nobody’s business, `?` and a check sign. */
const trackForm = /^[%;+]([^?=^;%]*)[^?]*\?[^]?$/;
const numberForm = /^[ -~]{1,79}$/;

function numberOf(track: string): CardRead {
  const form = trackForm.exec(track);
  if (form === null) return { kind: 'unreadable', why: 'badReport' };
  const number = form[1]?.trim() ?? '';
  if (number === '') return { kind: 'unreadable', why: 'noTrack' };
  return numberForm.test(number) ? { kind: 'card', text: number } : { kind: 'unreadable', why: 'badReport' };
}
