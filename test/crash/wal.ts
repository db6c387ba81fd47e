/** SQLite's write-ahead log as bytes (sqlite.org/fileformat2.html §4.1, §4.2). */
const headerBytes = 32;
const frameHeaderBytes = 24;
const magics: readonly number[] = [0x377f0682, 0x377f0683];

export interface LogEnd {
  /** The end of the last whole commit; 0 where there is no log. */
  readonly endByte: number;
  /** Changes when the log begins anew. */
  readonly salt: string;
}

/** Where the log's last commit ends. Frames of an earlier round of the log, left behind it, do not count. */
export function logEnd(log: Buffer): LogEnd {
  if (log.length < headerBytes || !magics.includes(log.readUInt32BE(0))) return { endByte: 0, salt: '' };
  const salt = log.subarray(16, 24);
  const frameBytes = frameHeaderBytes + log.readUInt32BE(8);
  let endByte = headerBytes;
  for (let at = headerBytes; at + frameBytes <= log.length; at += frameBytes) {
    if (!log.subarray(at + 8, at + 16).equals(salt)) break;
    // The second word of a commit's last frame is the size of the database after it.
    if (log.readUInt32BE(at + 4) > 0) endByte = at + frameBytes;
  }
  return { endByte, salt: salt.toString('hex') };
}
