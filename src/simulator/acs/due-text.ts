import type { DueFormName } from './manners.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A due date from SIP2’s local form, as library systems write it. */
export function dueTextIn(form: DueFormName, stamp: string): string {
  const [year, month, day] = [stamp.slice(0, 4), stamp.slice(4, 6), stamp.slice(6, 8)];
  const [hour, minute] = [stamp.slice(12, 14), stamp.slice(14, 16)];
  switch (form) {
    case 'sip2':
      return stamp;
    case 'sip2Zeros':
      return `${stamp.slice(0, 8)}0000${stamp.slice(12)}`;
    case 'digits':
      return stamp.slice(0, 8);
    case 'iso':
      return `${year}-${month}-${day} ${hour}:${minute}:59`;
    case 'isoZone':
      return `${year}-${month}-${day} ${hour}:${minute}:00 EET`;
    case 'points':
      return `${day}.${month}.${year}`;
    case 'slashDayFirst':
      return `${day}/${month}/${year}`;
    case 'slashMonthFirst':
      return `${month}/${day}/${year}`;
    case 'dashDayFirst':
      return `${day}-${month}-${year}`;
    case 'monthName':
      return `${day} ${months[Number(month) - 1] ?? ''} ${year}`;
  }
}
