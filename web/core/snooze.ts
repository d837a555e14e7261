export type SnoozeChoice = 'later' | 'tomorrow' | 'week';

/** When each offered snooze ends, in the reader's own time zone. */
export function snoozeTimes(now: Date): Record<SnoozeChoice, Date> {
  const later = new Date(now.getTime() + 3 * 3_600_000);
  const morning = (days: number) =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 9, 0, 0, 0);
  const toMonday = (8 - now.getDay()) % 7 || 7;
  return { later, tomorrow: morning(1), week: morning(toMonday) };
}
