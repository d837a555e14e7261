import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import late from './core/i18n/late.json' with { type: 'json' };

/**
 * Cuts the texts of a language in two: `en.json?first` is what the first screen
 * says, `en.json?late` the parts named in core/i18n/late.json, which come after it.
 */
export function textsInTwo(): Plugin {
  return {
    name: 'texts-in-two',
    enforce: 'pre',
    load(id) {
      const [file = '', part] = id.split('?');
      if (!/\/i18n\/\w+\.json$/.test(file) || (part !== 'first' && part !== 'late')) return null;
      const all = Object.entries(JSON.parse(readFileSync(file, 'utf8')));
      const mine = all.filter(([name]) => late.includes(name) === (part === 'late'));
      return { code: JSON.stringify(Object.fromEntries(mine)), moduleType: 'json' };
    },
  };
}
