/** Dates, numbers and names in the reader's language. Everything comes from Intl; nothing is downloaded. */
export class Format {
  readonly locale: string;
  private readonly made = new Map<string, unknown>();

  constructor(language: string) {
    // English here is the one most of Europe reads: 3 Oct 2026, 24 hours.
    this.locale = language === 'en' ? 'en-GB' : language;
  }

  private once<T>(name: string, make: () => T): T {
    if (!this.made.has(name)) this.made.set(name, make());
    return this.made.get(name) as T;
  }

  private intl(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    return this.once(name, () => new Intl.DateTimeFormat(this.locale, options));
  }

  /** 10:41 */
  time(at: string | Date): string {
    return this.intl('time', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at));
  }

  /** 3 Oct 2026, 10:41 */
  full(at: string | Date): string {
    return this.intl('full', { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' }).format(
      new Date(at),
    );
  }

  /** 3 Oct 2026 */
  date(at: string | Date): string {
    return this.intl('date', { dateStyle: 'medium' }).format(new Date(at));
  }

  /** Fri 10:41, for a moment in the days to come. */
  soon(at: string | Date): string {
    return this.intl('soon', {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }).format(new Date(at));
  }

  /** Mon 10:41, for a moment within a week. */
  near(at: string | Date): string {
    return this.intl('near', {
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }).format(new Date(at));
  }

  /** Today, Yesterday, Friday 3 October */
  day(at: string | Date, now: Date): string {
    const then = new Date(at);
    const days = Math.round((midnight(then) - midnight(now)) / 86_400_000);
    if (days === 0 || days === -1) {
      const word = this.once(
        'rel',
        () => new Intl.RelativeTimeFormat(this.locale, { numeric: 'auto' }),
      ).format(days, 'day');
      return word.charAt(0).toLocaleUpperCase(this.locale) + word.slice(1);
    }
    const sameYear = then.getFullYear() === now.getFullYear();
    return this.intl(sameYear ? 'day' : 'dayYear', {
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      year: sameYear ? undefined : 'numeric',
    }).format(then);
  }

  /** 2m, 3h, 4d, then 3 Oct: how long ago, as short as it gets. */
  ago(at: string | Date, now: Date): string {
    const then = new Date(at);
    const minutes = Math.max(0, Math.floor((now.getTime() - then.getTime()) / 60_000));
    if (minutes < 60) return this.unit(Math.max(1, minutes), 'minute');
    if (minutes < 24 * 60) return this.unit(Math.floor(minutes / 60), 'hour');
    if (minutes < 7 * 24 * 60) return this.unit(Math.floor(minutes / 60 / 24), 'day');
    return this.intl('short', { day: 'numeric', month: 'short' }).format(then);
  }

  /** 2 minutes ago, in words. */
  agoInWords(at: string | Date, now: Date): string {
    const rel = this.once('rel', () => new Intl.RelativeTimeFormat(this.locale, { numeric: 'auto' }));
    const minutes = Math.round((now.getTime() - new Date(at).getTime()) / 60_000);
    if (minutes < 60) return rel.format(-Math.max(0, minutes), 'minute');
    if (minutes < 24 * 60) return rel.format(-Math.round(minutes / 60), 'hour');
    return rel.format(-Math.round(minutes / 60 / 24), 'day');
  }

  /** 4 min, 1 hr 5 min */
  lasted(seconds: number): string {
    const minutes = Math.max(1, Math.round(seconds / 60));
    const long = (n: number, unit: string) =>
      this.once(
        `long${unit}`,
        () => new Intl.NumberFormat(this.locale, { style: 'unit', unit, unitDisplay: 'short' }),
      ).format(n);
    if (minutes < 60) return long(minutes, 'minute');
    const rest = minutes % 60;
    return long(Math.floor(minutes / 60), 'hour') + (rest ? ` ${long(rest, 'minute')}` : '');
  }

  number(n: number): string {
    return this.once('num', () => new Intl.NumberFormat(this.locale)).format(n);
  }

  decimal(n: number, digits = 2): string {
    return this.once(
      `dec${digits}`,
      () =>
        new Intl.NumberFormat(this.locale, { maximumFractionDigits: digits, minimumFractionDigits: digits }),
    ).format(n);
  }

  percent(part: number): string {
    return this.once('pct', () => new Intl.NumberFormat(this.locale, { style: 'percent' })).format(part);
  }

  /** 12 kB, 3.4 MB, 20 GB */
  bytes(n: number): string {
    const [unit, size] =
      n >= 1e9 ? ['gigabyte', n / 1e9] : n >= 1e6 ? ['megabyte', n / 1e6] : ['kilobyte', n / 1e3];
    return this.once(
      `b${unit}`,
      () =>
        new Intl.NumberFormat(this.locale, {
          style: 'unit',
          unit,
          unitDisplay: 'short',
          maximumFractionDigits: unit === 'kilobyte' ? 0 : 1,
        }),
    ).format(Math.max(unit === 'kilobyte' ? 1 : 0.1, size));
  }

  /** Turkish, for tr; the code itself where there is no name. */
  language(code: string): string {
    if (!code) return '';
    try {
      const names = this.once('lang', () => new Intl.DisplayNames(this.locale, { type: 'language' }));
      const name = names.of(code) ?? code;
      return name.charAt(0).toLocaleUpperCase(this.locale) + name.slice(1);
    } catch {
      return code; // not a language tag
    }
  }

  private unit(n: number, unit: string): string {
    // Narrow English is 2m, 3h; narrow Turkish would write minutes as days are written elsewhere.
    const unitDisplay = this.locale.startsWith('en') ? 'narrow' : 'short';
    return this.once(
      `u${unit}`,
      () => new Intl.NumberFormat(this.locale, { style: 'unit', unit, unitDisplay }),
    )
      .format(n)
      .replace(/\.$/, '');
  }
}

function midnight(d: Date): number {
  return Date.UTC(d.getFullYear(), d.getMonth(), d.getDate());
}

/** Two letters for a face: AD for Ayşe Demir. */
export function initials(name: string, locale: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = words[0]?.match(/\p{L}|\p{N}/u)?.[0] ?? '';
  const last = words.length > 1 ? (words.at(-1)?.match(/\p{L}|\p{N}/u)?.[0] ?? '') : '';
  return (first + last).toLocaleUpperCase(locale) || '?';
}

/** A number from 1 to n that stays the same for the same text. */
export function steady(text: string, n: number): number {
  let h = 0;
  for (const c of text) h = (h * 31 + (c.codePointAt(0) ?? 0)) >>> 0;
  return (h % n) + 1;
}

/** The address when it is one a browser may open, else ''. */
export function safeUrl(text: string): string {
  try {
    const u = new URL(text);
    return u.protocol === 'https:' || u.protocol === 'http:' ? u.href : '';
  } catch {
    return '';
  }
}
