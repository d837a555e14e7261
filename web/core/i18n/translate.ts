import type { Language, Texts } from './index.ts';

type Stem<K extends string> = K extends `${infer B}_one` ? B : K extends `${infer B}_other` ? B : K;
type Paths<T, P extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${P}${Stem<K>}` : Paths<T[K], `${P}${K}.`>;
}[keyof T & string];

/** Every text there is, by name; a plural by the name of its stem. */
export type TextKey = Paths<Texts>;
export type Values = Record<string, string | number>;
export type Translate = (key: TextKey, values?: Values) => string;

type Tree = { [key: string]: string | Tree };

function flatten(tree: Tree, path: string, into: Map<string, string>): Map<string, string> {
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') into.set(path + key, value);
    else flatten(value, `${path}${key}.`, into);
  }
  return into;
}

/** Texts of one language: {{name}} takes a value, `count` picks the plural and is written as a number. */
export function translator(texts: Partial<Texts>, language: Language): Translate {
  const flat = flatten(texts as Tree, '', new Map());
  const plural = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(language);
  return (key, values = {}) => {
    const { count } = values;
    const form = typeof count === 'number' ? `${key}_${plural.select(count)}` : key;
    // A missing text shows its name: ugly enough to be seen, and never empty.
    const text = flat.get(form) ?? flat.get(`${key}_other`) ?? flat.get(key) ?? key;
    return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => {
      const value = values[name];
      if (value === undefined) return whole;
      return typeof value === 'number' ? number.format(value) : value;
    });
  };
}
