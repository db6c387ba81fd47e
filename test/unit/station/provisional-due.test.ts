import { describe, expect, it } from 'vitest';
import { provisionalDue, type DueRule } from '../../../src/station/core/provisional-due.ts';

const rule: DueRule = { loanDays: 28, closedWeekdays: [], closedDates: [] };

describe('the provisional due date', () => {
  it('is so many days later', () => {
    expect(provisionalDue('2026-11-20', rule)).toBe('2026-12-18');
    expect(provisionalDue('2028-02-01', rule)).toBe('2028-02-29');
    expect(provisionalDue('2026-12-31', { ...rule, loanDays: 1 })).toBe('2027-01-01');
  });

  it('counts days and not hours, where the summer begins or ends', () => {
    // In Finland clocks change on 2026-03-29 and 2026-10-25.
    expect(provisionalDue('2026-03-28', { ...rule, loanDays: 1 })).toBe('2026-03-29');
    expect(provisionalDue('2026-10-24', { ...rule, loanDays: 2 })).toBe('2026-10-26');
  });

  it('is never a day on which the library is closed', () => {
    // 2026-12-20 is a Sunday.
    const sundays = { ...rule, closedWeekdays: ['sunday'] as const };
    expect(provisionalDue('2026-11-22', sundays)).toBe('2026-12-21');
    const christmas = { ...sundays, closedDates: ['12-24', '12-25', '12-26', '2026-12-28'] };
    expect(provisionalDue('2026-11-26', christmas)).toBe('2026-12-29');
    expect(provisionalDue('2027-11-26', christmas)).toBe('2027-12-27');
  });

  it('does not go on for ever in a calendar without an open day', () => {
    const days = Array.from({ length: 366 }, (_, day) => new Date(Date.UTC(2024, 0, 1 + day)));
    const closedDates = days.map((day) => day.toISOString().slice(5, 10));
    expect(provisionalDue('2026-11-20', { ...rule, closedDates })).toBe('2026-12-18');
  });
});
