import type en from './en.json';

export type Texts = typeof en;
export type Language = 'en' | 'tr';
export const languages: Language[] = ['en', 'tr'];

/** The texts of one language, fetched when it is needed. */
export async function loadTexts(language: Language): Promise<Texts> {
  const file = language === 'tr' ? await import('./tr.json') : await import('./en.json');
  return file.default;
}

/** The first of the wished languages that exists here; English where none does. */
export function pickLanguage(wishes: readonly (string | undefined)[]): Language {
  for (const wish of wishes) {
    const base = wish?.toLowerCase().split('-')[0];
    const hit = languages.find((l) => l === base);
    if (hit) return hit;
  }
  return 'en';
}
