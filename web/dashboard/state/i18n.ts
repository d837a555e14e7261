import { Format } from '@core/format.ts';
import { type Language, loadTexts, pickLanguage, type Texts } from '@core/i18n/index.ts';
import { createInstance } from 'i18next';
import { useMemo } from 'react';
import { initReactI18next, useTranslation } from 'react-i18next';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: Texts };
    returnNull: false;
  }
}

export const i18n = createInstance();

export async function startTexts(wish: string): Promise<void> {
  await i18n.use(initReactI18next).init({
    lng: 'en',
    resources: {},
    fallbackLng: false,
    interpolation: { escapeValue: false }, // React escapes
    showSupportNotice: false,
  } as Parameters<typeof i18n.init>[0]);
  await setLanguage(pickLanguage([wish, ...navigator.languages]));
}

export async function setLanguage(language: Language): Promise<void> {
  if (!i18n.hasResourceBundle(language, 'translation')) {
    i18n.addResourceBundle(language, 'translation', await loadTexts(language));
  }
  await i18n.changeLanguage(language);
  document.documentElement.lang = language;
}

export function useText() {
  const { t, i18n: now } = useTranslation();
  const language = now.language as Language;
  const format = useMemo(() => new Format(language), [language]);
  return { t, format, language };
}

export type T = ReturnType<typeof useText>['t'];
