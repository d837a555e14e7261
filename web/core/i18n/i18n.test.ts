// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import en from './en.json';
import { pickLanguage } from './index.ts';
import late from './late.json';
import tr from './tr.json';
import { translator } from './translate.ts';

type Tree = { [key: string]: string | Tree };

function flat(tree: Tree, path = ''): Map<string, string> {
  const out = new Map<string, string>();
  for (const [k, v] of Object.entries(tree)) {
    if (typeof v === 'string') out.set(path + k, v);
    else for (const [kk, vv] of flat(v, `${path}${k}.`)) out.set(kk, vv);
  }
  return out;
}

function sources(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) => {
    const path = join(dir, e.name);
    if (e.isDirectory()) return e.name === 'dev' ? [] : sources(path);
    return /\.tsx?$/.test(e.name) && !/\.test\./.test(e.name) ? [readFileSync(path, 'utf8')] : [];
  });
}

const web = join(import.meta.dirname, '../..');
const code = ['core', 'ui', 'dashboard'].flatMap((d) => sources(join(web, d))).join('\n');
const english = flat(en);
const turkish = flat(tr);
const stem = (k: string) => k.replace(/_(one|other)$/, '');
const placeholders = (s: string) => [...s.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort();

describe('texts', () => {
  it('exist in both languages with the same values, none empty', () => {
    expect([...turkish.keys()]).toEqual([...english.keys()]);
    for (const [k, v] of english) {
      const other = turkish.get(k) ?? '';
      expect(v.trim(), k).not.toBe('');
      expect(other.trim(), k).not.toBe('');
      expect(placeholders(other), k).toEqual(placeholders(v));
    }
  });

  it('have every plural form their language needs', () => {
    for (const k of english.keys()) {
      if (k.endsWith('_one')) expect(english.has(`${stem(k)}_other`), k).toBe(true);
    }
  });

  it('are all used, and every text used exists', () => {
    const literals = new Set([...code.matchAll(/['"]([a-z0-9_]+(?:\.[a-z0-9_]+)+)['"]/g)].map((m) => m[1]));
    const made = [...code.matchAll(/\bt\(\s*`([^`]+)`/g)].map(
      (m) => new RegExp(`^${(m[1] ?? '').replace(/\./g, '\\.').replace(/\$\{[^}]+\}/g, '[a-z0-9_]+')}$`),
    );
    const unused = [...english.keys()]
      .map(stem)
      .filter((k) => !literals.has(k) && !made.some((r) => r.test(k)));
    expect([...new Set(unused)]).toEqual([]);
    const asked = [...code.matchAll(/\bt\(\s*'([^']+)'/g)].map((m) => m[1] ?? '');
    const stems = new Set([...english.keys()].map(stem));
    expect(asked.filter((k) => !stems.has(k))).toEqual([]);
  });
});

/** Every file that comes with the first screen. */
function firstFiles(entry: string): string[] {
  const seen = new Set<string>();
  const walk = (file: string) => {
    if (seen.has(file) || !/\.tsx?$/.test(file)) return;
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    for (const m of text.matchAll(/^(?:import|export)\s(?!type)[^;]*?from '([^']+)'/gms)) {
      const from = m[1] ?? '';
      if (from === '@ui') walk(join(web, 'ui/index.ts'));
      else if (from.startsWith('@')) walk(join(web, from.slice(1)));
      else if (from.startsWith('.')) walk(join(dirname(file), from));
    }
  };
  walk(entry);
  return [...seen].filter((f) => !/node_modules|@tanstack/.test(f));
}

describe('texts that come late', () => {
  it('are said by nothing that comes first', () => {
    const stems = new Set([...english.keys()].map(stem));
    const files = firstFiles(join(web, 'dashboard/main.tsx'));
    expect(files.length).toBeGreaterThan(60);
    const wrong = files.flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      const plain = [...text.matchAll(/['"]([a-z0-9_]+(?:\.[a-z0-9_]+)+)['"]/g)].map((m) => m[1] ?? '');
      const made = [...text.matchAll(/\bt\(\s*`([a-z0-9_]+)\./g)].map((m) => m[1] ?? '');
      return [...plain.filter((k) => stems.has(k)).map((k) => k.split('.')[0] ?? ''), ...made]
        .filter((part) => late.includes(part))
        .map((part) => `${file}: ${part}`);
    });
    expect(wrong).toEqual([]);
    expect(late.filter((part) => !(part in en))).toEqual([]);
  });
});

describe('translator', () => {
  it('fills values and chooses the plural', () => {
    const t = translator(en, 'en');
    expect(t('inbox.unread', { count: 1 })).toBe('1 unread');
    expect(t('inbox.closed', { count: 1200 })).toBe('1,200 conversations closed');
    expect(translator(tr, 'tr')('inbox.closed', { count: 2 })).toBe('2 görüşme kapatıldı');
    // A value is put in as it is: what looks like a placeholder in it stays.
    expect(t('note.by', { name: '{{when}}' })).toBe('{{when}}, internal note');
  });
});

describe('pickLanguage', () => {
  it('takes the first wish it can meet', () => {
    expect(pickLanguage([undefined, 'de-DE', 'tr-TR', 'en'])).toBe('tr');
    expect(pickLanguage(['fr'])).toBe('en');
  });
});
