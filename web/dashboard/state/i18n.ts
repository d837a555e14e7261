import { Format } from '@core/format.ts';
import { askIn } from '@core/http.ts';
import { type Language, loadTexts, pickLanguage } from '@core/i18n/index.ts';
import { type Translate, translator } from '@core/i18n/translate.ts';
import { Box, useBox } from './box.ts';

export type T = Translate;
type Speech = { t: T; format: Format; language: Language };

const speech = new Box<Speech | null>(null);

/** Chooses the language one wished for, else the browser's. */
export function startTexts(wish: string): Promise<void> {
  return setLanguage(pickLanguage([wish, ...navigator.languages]));
}

export async function setLanguage(language: Language): Promise<void> {
  const texts = await loadTexts(language);
  document.documentElement.lang = language;
  askIn(language);
  speech.set({ t: translator(texts, language), format: new Format(language), language });
}

/** The texts and formats of the language in force; components follow when it changes. */
export function useText(): Speech {
  const now = useBox(speech);
  if (!now) throw new Error('useText runs before startTexts');
  return now;
}
