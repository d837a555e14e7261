import type en from './en.json';

export type Texts = typeof en;
export type Language = 'en' | 'tr';
export const languages: Language[] = ['en', 'tr'];

/** What the first screen says in a language. */
export async function loadTexts(language: Language): Promise<Partial<Texts>> {
  const file = language === 'tr' ? await import('./tr.json?first') : await import('./en.json?first');
  return file.default;
}

/** What the parts of the program that come later say (late.json). */
export async function loadLate(language: Language): Promise<Partial<Texts>> {
  const file = language === 'tr' ? await import('./tr.json?late') : await import('./en.json?late');
  return file.default;
}

let whole: Promise<unknown> = Promise.resolve();

/** Says when every text is here; what comes late waits for it before it is shown. */
export function awaitTexts(until: Promise<unknown>): void {
  whole = until;
}

export const textsAreHere = (): Promise<unknown> => whole;

/** The first of the wished languages that exists here; English where none does. */
export function pickLanguage(wishes: readonly (string | undefined)[]): Language {
  for (const wish of wishes) {
    const base = wish?.toLowerCase().split('-')[0];
    const hit = languages.find((l) => l === base);
    if (hit) return hit;
  }
  return 'en';
}
