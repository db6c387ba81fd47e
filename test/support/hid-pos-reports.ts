const reportBytes = 64;
const taggedDataBytes = 56;

/** A report of a scanner in HID POS mode, format 2: id, length, AIM identifier, data, …, more-follows. */
export function taggedReport(text: string, { aim = ']C0', more = false } = {}): Uint8Array {
  const report = Buffer.alloc(reportBytes);
  report[0] = 0x02;
  report[1] = text.length;
  report.write(aim, 2, 'latin1');
  report.write(text, 5, 'latin1');
  report[reportBytes - 1] = more ? 1 : 0;
  return report;
}

/** A label in as many reports as it needs. */
export function taggedReports(text: string, aim: string): Uint8Array[] {
  const count = Math.max(1, Math.ceil(text.length / taggedDataBytes));
  return Array.from({ length: count }, (_, index) =>
    taggedReport(text.slice(index * taggedDataBytes, (index + 1) * taggedDataBytes), {
      aim,
      more: index < count - 1,
    }),
  );
}

/** Format 1: id, length, 62 bytes of data. */
export function plainReport(text: string): Uint8Array {
  const report = Buffer.alloc(reportBytes);
  report[0] = 0x01;
  report[1] = text.length;
  report.write(text, 2, 'latin1');
  return report;
}
