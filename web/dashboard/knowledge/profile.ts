import type { Business } from '@core/types.ts';

/** A line of a profile while somebody writes it. */
export type Line = { no: number; label: string; text: string };
export const parts = ['hours', 'addresses', 'policies'] as const;
export type Part = (typeof parts)[number];
export type Draft = { description: string } & Record<Part, Line[]>;

/** Headings under which a profile is found, in its own language; English where it has none here. */
const titles: Record<string, Business['titles']> = {
  en: { about: 'About us', hours: 'Opening hours', addresses: 'Addresses', policies: 'Policies' },
  tr: { about: 'Hakkımızda', hours: 'Çalışma saatleri', addresses: 'Adresler', policies: 'Kurallar' },
  de: { about: 'Über uns', hours: 'Öffnungszeiten', addresses: 'Adressen', policies: 'Bedingungen' },
  es: { about: 'Sobre nosotros', hours: 'Horario', addresses: 'Direcciones', policies: 'Condiciones' },
  fr: { about: 'À propos', hours: 'Horaires', addresses: 'Adresses', policies: 'Conditions' },
  ar: { about: 'من نحن', hours: 'ساعات العمل', addresses: 'العناوين', policies: 'السياسات' },
};

/** The days of a week from Monday on, as a language names them. */
export function weekdays(language: string): string[] {
  const name = new Intl.DateTimeFormat(language || 'en', { weekday: 'long', timeZone: 'UTC' });
  // 5 January 2026 is a Monday.
  return [5, 6, 7, 8, 9, 10, 11].map((d) => {
    const day = name.format(new Date(Date.UTC(2026, 0, d)));
    return day.charAt(0).toLocaleUpperCase(language || 'en') + day.slice(1);
  });
}

/** An empty profile: a line for each day, one place, one rule. */
export function emptyDraft(language: string): Draft {
  return {
    description: '',
    hours: weekdays(language).map((label, no) => ({ no, label, text: '' })),
    addresses: [{ no: 0, label: '', text: '' }],
    policies: [{ no: 0, label: '', text: '' }],
  };
}

export function draftOf(b: Business): Draft {
  const lines = (list: Business['hours']) =>
    (list ?? []).map((e, no) => ({ no, label: e.label ?? '', text: e.text }));
  return {
    description: b.description ?? '',
    hours: lines(b.hours),
    addresses: lines(b.addresses),
    policies: lines(b.policies),
  };
}

/** What is sent: lines that say nothing are left out. */
export function businessOf(d: Draft, language: string, kept?: Business['titles']): Business {
  const lines = (list: Line[]) =>
    list
      .map((l) => ({ label: l.label.trim(), text: l.text.trim() }))
      .filter((l) => l.text)
      .map((l) => (l.label ? l : { text: l.text }));
  return {
    ...(d.description.trim() ? { description: d.description.trim() } : {}),
    hours: lines(d.hours),
    addresses: lines(d.addresses),
    policies: lines(d.policies),
    titles: kept ?? titles[language] ?? {},
  };
}

export const saysNothing = (b: Business): boolean =>
  !b.description && !b.hours?.length && !b.addresses?.length && !b.policies?.length;
