import { type Language, pickLanguage } from '@core/i18n/index.ts';
import { type Prefs, readPrefs, writePrefs } from '@core/prefs.ts';
import { applyTheme } from '@ui';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { setLanguage } from './i18n.ts';

type Choices = { prefs: Prefs; choose: (change: Partial<Prefs>) => void };

const PrefsContext = createContext<Choices | null>(null);

export function storage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined; // blocked by the browser's settings
  }
}

export function PrefsRoot({ children }: { children: ReactNode }) {
  const [prefs, setPrefs] = useState(() => readPrefs(storage()));
  useEffect(() => applyTheme(prefs.theme), [prefs.theme]);
  const choose = useCallback((change: Partial<Prefs>) => {
    setPrefs((old) => {
      const next = { ...old, ...change };
      writePrefs(storage(), next);
      return next;
    });
    if (change.language !== undefined) {
      void setLanguage(change.language || pickLanguage(navigator.languages));
    }
  }, []);
  const value = useMemo(() => ({ prefs, choose }), [prefs, choose]);
  return <PrefsContext value={value}>{children}</PrefsContext>;
}

export function usePrefs(): Choices {
  const value = useContext(PrefsContext);
  if (!value) throw new Error('usePrefs stands outside PrefsRoot');
  return value;
}

export type { Language };
