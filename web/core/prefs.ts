/**
 * What a member chose for this browser. Nothing is written before they choose
 * something: the panel keeps one cookie and no more until then.
 */
export type Theme = 'system' | 'light' | 'dark';
export type Prefs = { theme: Theme; language: '' | 'en' | 'tr'; shortcuts: boolean };

const name = 'parley-choices';
const start: Prefs = { theme: 'system', language: '', shortcuts: true };

export function readPrefs(store: Pick<Storage, 'getItem'> | undefined): Prefs {
  try {
    const raw = JSON.parse(store?.getItem(name) ?? '{}') as Partial<Prefs>;
    return {
      theme: raw.theme === 'light' || raw.theme === 'dark' ? raw.theme : start.theme,
      language: raw.language === 'en' || raw.language === 'tr' ? raw.language : start.language,
      shortcuts: raw.shortcuts !== false,
    };
  } catch {
    return start; // storage is blocked, or holds something else
  }
}

export function writePrefs(store: Pick<Storage, 'setItem'> | undefined, prefs: Prefs): void {
  try {
    store?.setItem(name, JSON.stringify(prefs));
  } catch {
    // Storage is blocked: the choice holds until this page closes.
  }
}
