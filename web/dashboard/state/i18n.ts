import { Format } from '@core/format.ts';
import { askIn } from '@core/http.ts';
import {
  awaitTexts,
  type Language,
  loadLate,
  loadTexts,
  pickLanguage,
  type Texts,
} from '@core/i18n/index.ts';
import { type Translate, translator } from '@core/i18n/translate.ts';
import { insist } from '@ui';
import { Box, useBox } from './box.ts';

export type T = Translate;
type Speech = { t: T; format: Format; language: Language };

const speech = new Box<Speech | null>(null);

/** Chooses the language one wished for, else the browser's. */
export function startTexts(wish: string): Promise<void> {
  return setLanguage(pickLanguage([wish, ...navigator.languages]));
}

/** Shows a language as soon as the first screen's texts are here; the others follow. */
export async function setLanguage(language: Language): Promise<void> {
  const first = loadTexts(language);
  const rest = insist(() => loadLate(language));
  const begun = speech.get() !== null;
  const show = (texts: Partial<Texts>) =>
    speech.set({ t: translator(texts, language), format: new Format(language), language });
  const whole = Promise.all([first, rest]).then(([a, b]) => {
    if (document.documentElement.lang === language) show({ ...a, ...b });
  });
  // A screen that is open says all of it in the new language at once.
  const texts = begun ? { ...(await first), ...(await rest) } : await first;
  document.documentElement.lang = language;
  askIn(language);
  show(texts);
  awaitTexts(whole);
}

/** The texts and formats of the language in force; components follow when it changes. */
export function useText(): Speech {
  const now = useBox(speech);
  if (!now) throw new Error('useText runs before startTexts');
  return now;
}
