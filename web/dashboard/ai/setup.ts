import type { AISettings, Hours, Rule, Topic, Vendor } from '@core/ai.ts';
import type { Mode } from '@core/types.ts';

/** Everything that the screens of the AI agent change and save together. */
export type Setup = {
  ai: AISettings;
  mode: Mode;
  languages: string[];
  /** By account; '' = as the workspace. */
  accounts: Record<string, '' | Mode>;
};

const values = [
  'provider',
  'fallback',
  'temperature',
  'max_tokens',
  'history',
  'instructions',
  'tone',
  'meaning',
  'tokens_per_day',
  'cents_per_day',
  'confidence',
] as const;
const sets = ['purposes', 'do_not_say', 'domains'] as const;

export type Field =
  | (typeof values)[number]
  | (typeof sets)[number]
  | 'models'
  | 'topics'
  | 'rules'
  | 'hours'
  | 'mode'
  | 'languages'
  | 'accounts';

/** One thing that differs; `before` or `after` is undefined where it was added or removed. */
export type Change = { field: Field; item: string; before: unknown; after: unknown };

type Leaf = { field: Field; item: string; value: unknown };
type Leaves = Map<string, Leaf>;

/** What a rule asks for; two rules that ask for the same are one. */
export function conditions(r: Rule): string {
  return JSON.stringify([r.channel, r.account_id, r.topic, r.language, r.tag.toLowerCase(), r.hours]);
}

/** A setup in its smallest parts, each of which one person changes at a time. */
function leaves(s: Setup): Leaves {
  const all: Leaves = new Map();
  const put = (field: Field, item: string, value: unknown) =>
    all.set(`${field}/${item}`, { field, item, value });
  for (const f of values) put(f, '', s.ai[f]);
  for (const f of sets) for (const one of s.ai[f]) put(f, one, one);
  for (const [vendor, model] of Object.entries(s.ai.models)) if (model) put('models', vendor, model);
  for (const t of s.ai.topics) put('topics', t.name, t);
  for (const r of s.ai.rules) put('rules', conditions(r), { ...r, id: '' });
  put('hours', '', s.ai.hours);
  put('mode', '', s.mode);
  for (const l of s.languages) put('languages', l, l);
  for (const [id, mode] of Object.entries(s.accounts)) put('accounts', id, mode);
  return all;
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** What differs between two setups, in the order of the fields. */
export function diff(before: Setup, after: Setup): Change[] {
  return differing(leaves(before), leaves(after));
}

function differing(old: Leaves, now: Leaves): Change[] {
  const found: Change[] = [];
  for (const path of new Set([...old.keys(), ...now.keys()])) {
    const { field, item } = (now.get(path) ?? old.get(path)) as Leaf;
    const change = { field, item, before: old.get(path)?.value, after: now.get(path)?.value };
    if (!same(change.before, change.after)) found.push(change);
  }
  return found;
}

const pick = <T>(all: Leaves, field: Field): T[] =>
  [...all.values()].filter((l) => l.field === field).map((l) => l.value as T);
const named = <T>(all: Leaves, field: Field): Record<string, T> =>
  Object.fromEntries([...all.values()].filter((l) => l.field === field).map((l) => [l.item, l.value as T]));

function compose(all: Leaves, from: AISettings): Setup {
  const ai = { ...from };
  for (const f of values) Object.assign(ai, { [f]: all.get(`${f}/`)?.value });
  for (const f of sets) Object.assign(ai, { [f]: pick(all, f) });
  ai.models = named<string>(all, 'models') as Partial<Record<Vendor, string>>;
  ai.topics = pick<Topic>(all, 'topics');
  ai.rules = pick<Rule>(all, 'rules');
  ai.hours = all.get('hours/')?.value as Hours;
  return {
    ai,
    mode: all.get('mode/')?.value as Mode,
    languages: pick<string>(all, 'languages'),
    accounts: named<'' | Mode>(all, 'accounts'),
  };
}

/** Lays what one person changed over what another one saved meanwhile. */
export function rebase(base: Setup, mine: Setup, theirs: Setup): Setup {
  const all = leaves(theirs);
  for (const c of diff(base, mine)) {
    const path = `${c.field}/${c.item}`;
    if (c.after === undefined) all.delete(path);
    else all.set(path, { field: c.field, item: c.item, value: c.after });
  }
  return compose(all, theirs.ai);
}

/** A change somebody else made while one was writing; `kept` where one's own stands instead of it. */
export type Meanwhile = Change & { kept: boolean };

/** What others changed of which one's own edits know nothing. */
export function meanwhile(base: Setup, mine: Setup, theirs: Setup): Meanwhile[] {
  const own = leaves(mine);
  const old = leaves(base);
  return diff(base, theirs)
    .filter((c) => !same(own.get(`${c.field}/${c.item}`)?.value, c.after))
    .map((c) => {
      const path = `${c.field}/${c.item}`;
      return { ...c, kept: !same(own.get(path)?.value, old.get(path)?.value) };
    });
}

/** Go writes an empty list as null, and leaves an empty one out. */
export function tidy(s: AISettings): AISettings {
  const week = s.hours?.week ?? [];
  return {
    ...s,
    meaning: s.meaning ?? { vendor: '', url: '', model: '', dimensions: 0 },
    hours: {
      zone: s.hours?.zone ?? '',
      week: Array.from({ length: 7 }, (_, day) => week[day] ?? []),
      closed: s.hours?.closed ?? [],
    },
  };
}

/** How far the AI goes at most, anywhere. */
export function reach(s: Setup, paused: boolean): 'paused' | Mode {
  if (paused) return 'paused';
  const modes = Object.values(s.accounts).map((m) => m || s.mode);
  const all = [...(modes.length ? modes : [s.mode]), ...s.ai.rules.map((r) => r.mode)];
  return all.includes('autopilot') ? 'autopilot' : all.includes('draft') ? 'draft' : 'off';
}
