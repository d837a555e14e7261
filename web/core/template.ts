import type { Template, TemplateUse } from './types.ts';

/** What was filled in, by the place it belongs to: "header[0]", "params[1]", "buttons[2]". */
export type Values = Record<string, string>;

/** A value that has to be filled in. */
export type Blank = { place: string; part: 'header' | 'params' | 'buttons'; name: string };

const hole = /\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g;

/** Everything a template wants filled in, in the order in which it is read. */
export function blanksOf(t: Template): Blank[] {
  return [
    ...t.header_params.map((name, i) => ({ place: `header[${i}]`, part: 'header' as const, name })),
    ...t.params.map((name, i) => ({ place: `params[${i}]`, part: 'params' as const, name })),
    ...t.buttons.flatMap((b, i) =>
      b.param ? [{ place: `buttons[${i}]`, part: 'buttons' as const, name: b.label }] : [],
    ),
  ];
}

/** A text cut at its blanks; what is filled in stands in its place, what is not keeps its name. */
export type Bit = { text: string; blank?: 'empty' | 'filled' };

export function bitsOf(text: string, part: 'header' | 'params', names: string[], values: Values): Bit[] {
  const bits: Bit[] = [];
  let at = 0;
  for (const m of text.matchAll(hole)) {
    if (m.index > at) bits.push({ text: text.slice(at, m.index) });
    const value = values[`${part}[${names.indexOf(m[1] ?? '')}]`]?.trim();
    bits.push(value ? { text: value, blank: 'filled' } : { text: m[1] ?? '', blank: 'empty' });
    at = m.index + m[0].length;
  }
  if (at < text.length) bits.push({ text: text.slice(at) });
  return bits;
}

/** A template with its values, as the server takes it. */
export function asSent(t: Template, values: Values): TemplateUse {
  const of = (part: string, n: number) =>
    Array.from({ length: n }, (_, i) => values[`${part}[${i}]`]?.trim() ?? '');
  const use: TemplateUse = { name: t.name, language: t.language };
  if (t.header_params.length) use.header = of('header', t.header_params.length);
  if (t.params.length) use.params = of('params', t.params.length);
  if (t.named && t.params.length) use.names = t.params;
  const buttons = t.buttons.flatMap((b, index) =>
    b.param ? [{ index, kind: b.kind, value: values[`buttons[${index}]`]?.trim() ?? '' }] : [],
  );
  if (buttons.length) use.buttons = buttons;
  return use;
}

/** Where the server found fault, by the place it has on the screen: buttons are counted as sent. */
export function faultsOf(t: Template, fields: Record<string, string>): Values {
  const sent = t.buttons.flatMap((b, i) => (b.param ? [i] : []));
  const out: Values = {};
  for (const [at, words] of Object.entries(fields)) {
    const m = /^template\.(header|params|buttons)\[(\d+)\]$/.exec(at);
    if (!m) continue;
    const n = Number(m[2]);
    out[m[1] === 'buttons' ? `buttons[${sent[n] ?? n}]` : `${m[1]}[${n}]`] = words;
  }
  return out;
}

/** Words in the name, the text or the language; those that can be sent come first. */
export function fittingTemplates(all: Template[], words: string, language: string): Template[] {
  const lower = (s: string) => s.toLocaleLowerCase(language);
  const wish = lower(words.trim());
  const rank = (t: Template) => (t.blocked ? 4 : 0) + (t.language.split(/[_-]/)[0] === language ? 0 : 1);
  return all
    .filter(
      (t) =>
        !wish ||
        lower(`${readableName(t.name)}\n${t.name}\n${t.header}\n${t.body}\n${t.language}`).includes(wish),
    )
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, language));
}

/** The text on one line, its blanks by name: "Hello [1]". */
export const inShort = (t: Template) => t.body.replaceAll(hole, '[$1]');

/** "order_ready" → "Order ready": names at the provider hold no blanks. */
export function readableName(name: string): string {
  const words = name.replaceAll('_', ' ').trim();
  return words.charAt(0).toLocaleUpperCase('en') + words.slice(1);
}
