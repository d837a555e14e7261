import type { Hours, Span } from '@core/ai.ts';

const dayMinutes = 24 * 60;
export const maxSpans = 6;

/** The days as a week is read: Monday first; the numbers are those of the settings, 0 is Sunday. */
export const days = [1, 2, 3, 4, 5, 6, 0];

/** 09:00 */
export function clock(minutes: number): string {
  const m = minutes % dayMinutes;
  return `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`;
}

/** Minutes after midnight, or NaN where it is no time. */
export function minutes(text: string): number {
  const [, h, m] = /^(\d{1,2}):(\d{2})/.exec(text) ?? [];
  const n = Number(h) * 60 + Number(m);
  return n >= 0 && n < dayMinutes ? n : Number.NaN;
}

/** A span from one time to another; an end that is not after its start is one of the next day. */
export function spanOf(from: string, to: string): Span | undefined {
  const a = minutes(from);
  const b = minutes(to);
  if (Number.isNaN(a) || Number.isNaN(b)) return undefined;
  return { from: a, to: b > a ? b : b + dayMinutes };
}

/** Whether it ends on the day after it begins. */
export const overnight = (s: Span) => s.to > dayMinutes || (s.to === dayMinutes && s.from > 0);

/** What one span more begins with: after the last of the day, or the usual hours. */
export function another(day: Span[]): Span {
  const last = day.at(-1);
  if (!last) return { from: 9 * 60, to: 18 * 60 };
  const from = Math.min(last.to + 60, dayMinutes - 60);
  return { from, to: Math.min(from + 4 * 60, dayMinutes) };
}

export const isSet = (h: Hours) => h.week.some((d) => d.length > 0);

export function withDay(h: Hours, day: number, spans: Span[]): Hours {
  return { ...h, week: h.week.map((d, i) => (i === day ? spans : d)) };
}

/** The hours of one day on every day that is open at all. */
export function likeDay(h: Hours, day: number): Hours {
  const spans = h.week[day] ?? [];
  return { ...h, week: h.week.map((d) => (d.length ? spans.map((s) => ({ ...s })) : d)) };
}

/** Every zone the browser knows, and the one that is set. */
export function zones(now: string): string[] {
  const known = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : [];
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return [...new Set([...known, own, now].filter(Boolean))].sort();
}

/** The name of a day, 0 is Sunday. */
export function weekday(day: number, locale: string, width: 'short' | 'long' = 'short'): string {
  // The seventh of January 2024 was a Sunday.
  return new Intl.DateTimeFormat(locale, { weekday: width, timeZone: 'UTC' }).format(
    Date.UTC(2024, 0, 7 + day),
  );
}
