import type { AISettings, Rule } from '@core/ai.ts';
import { expect, test } from 'vitest';
import { heights, stepAt } from './confidence.tsx';
import { another, clock, likeDay, minutes, overnight, spanOf } from './hours.ts';
import { hostOf, lines } from './lists.ts';
import { money } from './money.ts';
import { pretty } from './prompt.tsx';
import { ruleProblem } from './rule.tsx';
import { diff, meanwhile, reach, rebase, type Setup, tidy } from './setup.ts';
import { sum } from './spend.tsx';
import { step } from './state.ts';

const rule = (more: Partial<Rule> = {}): Rule => ({
  id: '',
  channel: '',
  account_id: '',
  topic: '',
  language: '',
  tag: '',
  hours: '',
  mode: 'draft',
  ...more,
});

const start: Setup = {
  ai: tidy({
    version: 3,
    provider: '',
    fallback: '',
    models: {},
    temperature: 0.1,
    max_tokens: 600,
    history: 6,
    instructions: '',
    tone: 'neutral',
    purposes: [],
    meaning: { vendor: '', url: '', model: '', dimensions: 0 },
    tokens_per_day: 500_000,
    cents_per_day: 500,
    confidence: 0.7,
    topics: ['refund', 'complaint', 'legal', 'health'].map((name) => ({ name, mode: 'off', words: [] })),
    rules: [rule({ channel: 'whatsapp' })],
    hours: { zone: '', week: [], closed: [] },
    do_not_say: ['cheapest'],
    domains: [],
  } satisfies AISettings),
  mode: 'draft',
  languages: ['en'],
  accounts: { '70': '' },
};
const change = (s: Setup, ai: Partial<AISettings>, more: Partial<Setup> = {}): Setup => ({
  ...s,
  ...more,
  ai: { ...s.ai, ...ai },
});

test('a setup differs from another in its smallest parts', () => {
  const next = change(
    start,
    {
      confidence: 0.8,
      do_not_say: ['guaranteed'],
      rules: [rule({ channel: 'whatsapp', mode: 'off' })],
      models: { openai: 'm' },
    },
    { accounts: { '70': 'off' } },
  );
  expect(diff(start, start)).toEqual([]);
  const found = diff(start, next).map((c) => [c.field, c.before ?? '+', c.after ?? '-']);
  const wanted = [
    ['confidence', 0.7, 0.8],
    ['do_not_say', 'cheapest', '-'],
    ['rules', start.ai.rules[0], { ...rule({ channel: 'whatsapp' }), mode: 'off' }],
    ['accounts', '', 'off'],
    ['do_not_say', '+', 'guaranteed'],
    ['models', '+', 'm'],
  ];
  expect(found).toHaveLength(wanted.length);
  expect(found).toEqual(expect.arrayContaining(wanted));
  // The order of a list, and the number of a rule, are no difference.
  expect(diff(start, change(start, { rules: [{ ...rule({ channel: 'whatsapp' }), id: '9' }] }))).toEqual([]);
});

test('edits stand on what somebody else saved meanwhile', () => {
  const mine = change(start, {
    tone: 'warm',
    confidence: 0.9,
    do_not_say: [],
    topics: start.ai.topics.map((t) => (t.name === 'legal' ? { ...t, mode: 'draft' as const } : t)),
  });
  const theirs = change(start, {
    version: 4,
    confidence: 0.5,
    instructions: 'Hello',
    do_not_say: ['cheapest', 'best'],
    topics: start.ai.topics.map((t) => (t.name === 'health' ? { ...t, words: ['ill'] } : t)),
  });
  const both = rebase(start, mine, theirs);
  expect(both.ai).toMatchObject({
    version: 4,
    tone: 'warm',
    confidence: 0.9,
    instructions: 'Hello',
    do_not_say: ['best'],
  });
  expect(both.ai.topics.map((t) => [t.name, t.mode, t.words.length])).toEqual([
    ['refund', 'off', 0],
    ['complaint', 'off', 0],
    ['legal', 'draft', 0],
    ['health', 'off', 1],
  ]);
  const news = meanwhile(start, mine, theirs).map((c) => [c.field, c.item, c.kept]);
  const told = [
    ['instructions', '', false],
    ['confidence', '', true],
    ['topics', 'health', false],
    ['do_not_say', 'best', false],
  ];
  expect(news).toHaveLength(told.length);
  expect(news).toEqual(expect.arrayContaining(told));
});

test('what one saved oneself is news to nobody, and clean edits follow the server', () => {
  const mine = change(start, { tone: 'warm' });
  const saved = change(start, { tone: 'warm', version: 4 });
  const dirty = step({ base: start, mine: start, moved: [] }, { do: 'edit', run: () => mine });
  const after = step(dirty, { do: 'arrive', fresh: saved });
  expect(after.moved).toEqual([]);
  expect(diff(after.base, after.mine)).toEqual([]);
  expect(after.mine.ai.version).toBe(4);

  const theirs = change(start, { tone: 'formal', version: 4 });
  const late = step(dirty, { do: 'arrive', fresh: theirs });
  expect(late.moved).toMatchObject([{ field: 'tone', before: 'neutral', after: 'formal', kept: true }]);
  expect(late.mine.ai).toMatchObject({ tone: 'warm', version: 4 });
  expect(step(late, { do: 'undo' })).toEqual({ base: theirs, mine: theirs, moved: [] });
});

test('the state says how far the AI goes at most', () => {
  expect(reach(start, true)).toBe('paused');
  expect(reach(start, false)).toBe('draft');
  expect(
    reach({ ...start, accounts: { '70': 'off' }, mode: 'autopilot', ai: { ...start.ai, rules: [] } }, false),
  ).toBe('off');
  expect(reach({ ...start, accounts: {}, mode: 'autopilot' }, false)).toBe('autopilot');
  expect(reach(change(start, { rules: [rule({ tag: 'vip', mode: 'autopilot' })] }), false)).toBe('autopilot');
});

test('a rule needs a condition, and no second one with the same', () => {
  expect(ruleProblem(rule({ tag: ' ' }), [])).toBe('empty');
  expect(ruleProblem(rule({ tag: 'VIP' }), [rule({ tag: 'vip', mode: 'off' })])).toBe('twice');
  expect(ruleProblem(rule({ hours: 'closed' }), [rule({ hours: 'open' })])).toBe('');
});

test('a span that ends before it begins ends on the next day', () => {
  expect(spanOf('09:00', '18:30')).toEqual({ from: 540, to: 1110 });
  expect(spanOf('18:00', '02:00')).toEqual({ from: 1080, to: 1560 });
  expect(spanOf('00:00', '00:00')).toEqual({ from: 0, to: 1440 });
  expect(spanOf('', '02:00')).toBeUndefined();
  expect(minutes('24:00')).toBeNaN();
  expect(clock(1560)).toBe('02:00');
  expect(overnight({ from: 1080, to: 1560 })).toBe(true);
  expect(overnight({ from: 0, to: 1440 })).toBe(false);
  for (const s of [another([]), another([{ from: 540, to: 1080 }]), another([{ from: 0, to: 1440 }])]) {
    expect(s.from).toBeLessThan(1440);
    expect(s.to).toBeGreaterThan(s.from);
  }
  const h = tidy({
    ...start.ai,
    hours: { zone: '', week: [[], [{ from: 1, to: 2 }], [{ from: 5, to: 6 }]], closed: [] },
  }).hours;
  expect(likeDay(h, 1).week.map((d) => d[0]?.from)).toEqual([
    undefined,
    1,
    1,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('lists, hosts and money are read as people write them', () => {
  expect(lines(' a \n\nb\na\n')).toEqual(['a', 'b']);
  expect(
    ['https://Shop.example.com/x', 'shop.example.com', 'shop', 'a b.c', 'u@x.example'].map(hostOf),
  ).toEqual(['shop.example.com', 'shop.example.com', '', '', '']);
  expect(money(0.05, 'en-GB')).toBe('$0.0005');
  expect(money(214.7, 'en-GB')).toBe('$2.15');
  expect(pretty('fence\n{"a":1}\nfence')).toBe('fence\n{\n  "a": 1\n}\nfence');
  expect(
    sum([
      { calls: 1, failed: 0, tokens_in: 2, tokens_out: 3, cents: 0.5 },
      { calls: 2, failed: 1, tokens_in: 0, tokens_out: 0, cents: 1 },
    ]),
  ).toEqual({
    calls: 3,
    failed: 1,
    tokens_in: 2,
    tokens_out: 3,
    cents: 1.5,
  });
});

test('bars are as high as their part of the highest, and a limit is read from the step below it', () => {
  const bucket = (sent: number, drafted: number) => ({
    from: 0,
    to: 0,
    sent,
    drafted,
    handed_over: 0,
    wrong: 0,
    sent_wrong: 0,
  });
  expect(heights([bucket(1, 1), bucket(4, 4), bucket(0, 0)])).toEqual([0.25, 1, 0]);
  expect(heights([bucket(0, 0)])).toEqual([0]);
  const steps = Array.from({ length: 20 }, (_, i) => ({
    limit: i / 20,
    sent: 20 - i,
    drafted: i,
    handed_over: 0,
    wrong: 0,
    sent_wrong: 0,
  }));
  expect([0, 0.15, 0.78, 1].map((limit) => stepAt(steps, limit)?.sent)).toEqual([20, 17, 5, 1]);
  expect(stepAt([], 0.5)).toBeUndefined();
});
