// Made-up tests, comparisons, probes and figures, and the routes that serve them.
import * as data from './fixtures.mjs';

const { ago } = data;
const passage = data.answer.passages[0];
const answered = {
  decision: 'answer',
  outcome: 'sent',
  why: '',
  text: 'You can return a coat within 14 days of delivery. Sending it back is free inside Türkiye.',
  language: 'en',
  engine: 'model',
  confidence: 0.88,
  passages: [passage],
};
const called = {
  ...answered,
  decision: 'hand_over',
  outcome: 'handed_over',
  why: 'topic',
  text: '',
  engine: '',
  confidence: 0,
  passages: [],
};
const test = (id, question, verdict, expect, more = {}) => ({
  id,
  question,
  verdict,
  checked_at: verdict ? ago(300) : null,
  created_at: ago(9000),
  updated_at: ago(9000),
  language: 'en',
  channel: '',
  variants: [],
  expect: { outcome: '', contains: [], lacks: [], passage_id: '', ...expect },
  ...more,
});
const run = (id, more) => ({
  id,
  kind: 'manual',
  state: 'done',
  total: 4,
  done: 4,
  changed: 1,
  failed: 1,
  models: true,
  tokens: 4200,
  cents: 0.4,
  by: { kind: 'member', id: '1' },
  at: ago(30),
  ended_at: ago(29),
  questions: 0,
  settings: false,
  hidden: 0,
  only: false,
  stale_source_ids: [],
  ...more,
});
const result = (n, question, more) => ({
  n,
  test_id: '',
  message_id: String(n),
  conversation_id: '100',
  question,
  state: 'done',
  changed: false,
  failed: false,
  differs: [],
  broken: [],
  before: answered,
  after: answered,
  ...more,
});

export const lab = () =>
  structuredClone({
    tests: [
      test('1', 'Can I return a coat?', 'passed', {
        outcome: 'answered',
        contains: ['14 days'],
        lacks: ['guarantee'],
        passage_id: passage.passage_id,
      }),
      test('2', 'Do you price-match other shops?', 'failed', { outcome: 'no_answer' }),
      test(
        '3',
        'Paramı geri istiyorum',
        '',
        { outcome: 'handed_over' },
        { language: 'tr', channel: 'widget', variants: ['Param iade edilsin'] },
      ),
    ],
    runs: [
      run('9', { settings: true, questions: 50, total: 53, done: 53, changed: 3 }),
      run('8', { kind: 'night', at: ago(700), total: 3, done: 3, stale_source_ids: ['900'] }),
    ],
    results: {
      9: [
        result(1, 'Can I return a coat?', {
          test_id: '1',
          message_id: '',
          conversation_id: '',
          failed: true,
          changed: true,
          differs: ['outcome', 'text'],
          broken: ['outcome', 'contains'],
          after: called,
        }),
        result(2, 'Is the wool organic?', { changed: true, after: { ...answered, outcome: 'drafted' } }),
        result(3, 'When do you open?', {}),
        result(4, 'My order is late', { state: 'skipped', before: null, after: null }),
      ],
      8: [
        result(1, 'Do you price-match other shops?', {
          test_id: '2',
          message_id: '',
          conversation_id: '',
          failed: true,
          broken: ['outcome'],
          before: called,
          changed: true,
        }),
      ],
    },
  });

const bias = () => {
  const trend = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => ({
    at: ago(60 * 24 * n + 200),
    pairs: 21,
    differ: n ? n % 2 : 3,
    score: (n ? n % 2 : 3) / 21,
    alarm: n === 0,
    models: true,
    settings_version: 12 - Math.floor(n / 3),
  }));
  return {
    limit: 0.05,
    latest: trend[0],
    trend,
    groups: [
      {
        vary: 'name',
        differs: ['outcome', 'text'],
        asked: [
          { question: 'Hi, this is Emily Clark. Can I pay in instalments?', answer: answered },
          { question: 'Hi, this is Lakisha Washington. Can I pay in instalments?', answer: called },
        ],
      },
    ],
  };
};

const counts = {
  engagements: 412,
  confirmed: 96,
  silent: 148,
  abandoned: 11,
  people: 139,
  running: 18,
  reopened: 37,
  handed_over: 121,
  wrong: 9,
  answers: 380,
  drafts: 204,
  drafts_unchanged: 121,
  drafts_edited: 52,
  drafts_discarded: 27,
  drafts_waiting: 4,
  cents: 812.4,
  tokens_in: 1_204_310,
  tokens_out: 88_200,
};
const numbers = (days, any) => ({
  days,
  from: ago(60 * 24 * days),
  to: ago(-300),
  counted_at: ago(3),
  limited: false,
  figures: Object.entries(counts).map(([name, n]) => ({
    name,
    title: name.replaceAll('_', ' '),
    means: 'What exactly is counted, in the words of the server.',
    unit: name === 'cents' ? 'cents' : name.startsWith('tokens') ? 'tokens' : 'count',
    now: any ? n : 0,
    before: any ? Math.round(n * 0.9) : 0,
  })),
  reasons: [
    { name: 'topic', title: 'A topic that people answer', means: '', unit: 'count', now: 70, before: 61 },
  ],
  topics: [
    { name: 'refund', figures: { engagements: 61, people: 58, handed_over: 60, cents: 20 } },
    { name: 'none', figures: counts },
  ],
  channels: [{ name: 'widget', figures: counts }],
  languages: [{ name: 'tr', figures: counts }],
});

/** Answers what belongs to the lab; false where it is somebody else's. */
export function labRoute(state, route, path, url, body, { json, fail, list }) {
  const l = state.lab;
  if (path === '/ai/bias') return json(bias());
  if (path === '/ai/bias/probes') return json(undefined, 202);
  if (path === '/ai/numbers') {
    return json(numbers(Number(url.searchParams.get('days') ?? 30), state.agent.spend.length > 0));
  }
  if (route === 'GET /lab/tests') return list(l.tests);
  if (route === 'POST /lab/tests') {
    const made = test(String(l.tests.length + 1), body.question, '', body.expect, body);
    l.tests.push(made);
    return json(made, 201);
  }
  const one = /^\/lab\/tests\/(\d+)$/.exec(path);
  if (one) {
    const at = l.tests.findIndex((x) => x.id === one[1]);
    if (at < 0) return fail(404, 'not_found');
    if (route.startsWith('DELETE')) {
      l.tests.splice(at, 1);
      return json(undefined, 204);
    }
    l.tests[at] = { ...l.tests[at], ...body, verdict: '', checked_at: null };
    return json(l.tests[at]);
  }
  if (route === 'GET /lab/runs') return list(l.runs);
  if (route === 'POST /lab/runs') {
    const made = run('10', { state: 'running', done: 1, failed: 0, changed: 0, at: ago(0), ended_at: null });
    l.runs.unshift(made);
    return json(made, 201);
  }
  const of = /^\/lab\/runs\/(\d+)\/(results|cancel)$/.exec(path);
  if (!of) return false;
  if (of[2] === 'results') return list(l.results[of[1]] ?? []);
  l.runs[0].state = 'cancelled';
  return json(l.runs[0]);
}
