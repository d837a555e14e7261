// Made-up reports of answers, for pictures.
import { run } from './agent.mjs';
import { ago } from './fixtures.mjs';

const report = (id, reason, by_kind, more = {}) => ({
  id,
  kind: 'automated_decision',
  words: 'An answer of the AI is reported',
  state: 'working',
  opened_at: ago(75),
  due_at: ago(-60 * 24 * 29),
  done_at: null,
  matched: [],
  ...more,
  report: {
    reason,
    by_kind,
    note: '',
    question: 'Can I send the coat back after six weeks?',
    answer: 'Yes. You can send it back within 30 days, unworn and with its label.',
    message_id: 'm5',
    conversation_id: '100',
    outcome: '',
    explanation: run,
    at: ago(75),
    ...more.report,
  },
});

const cases = [
  report('601', 'wrong', 'contact'),
  report('602', 'biased', 'member', {
    opened_at: ago(60 * 30),
    report: {
      question: 'Do you deliver to Gaziantep?',
      answer: 'Delivery to the east takes longer and may not be worth it for a small order.',
      note: 'The same two days as everywhere else.',
    },
  }),
  report('603', 'harmful', 'contact', {
    state: 'done',
    opened_at: ago(60 * 24 * 9),
    done_at: ago(60 * 24 * 8),
    report: { outcome: 'corrected', question: '', answer: '' },
  }),
];

const promised = (clause, state, says, more = {}) => ({
  clause,
  chapter: clause.startsWith('A-7') ? 'ai' : 'security',
  title: clause.startsWith('A-7') ? 'The assistant' : 'Security',
  kind: 'feature',
  says,
  repeats: '',
  check: 'a-check',
  support: '',
  state,
  why: '',
  evidence: state === 'proven' ? 'b1946ac92492d2347c6235b4d2611184b1946ac92492d2347c6235b4d2611184' : '',
  at: state === 'proven' || state === 'failed' ? ago(180) : null,
  install: { state: '', why: '', evidence: '', at: null },
  ...more,
});
const promises = {
  standing: 'gap',
  words: 'An earlier record that should be kept beside it is missing or was changed.',
  at: ago(180),
  record: 4,
  items: [
    promised('A-7.7-03', 'proven', 'The first words of the assistant say that it is one.'),
    promised('A-7.4-02', 'failed', 'Refunds, complaints, legal and health matters go to a person.', {
      why: 'not so: it waits for a person, for that reason',
    }),
    promised('A-7.4-04', 'proven', 'A person who takes over ends what the assistant says.', {
      repeats: 'H-66',
    }),
    promised('A-12.1-02', 'proven', 'What tells of people is encrypted where it is kept.', {
      install: { state: 'proven', why: '', evidence: '0a', at: ago(25) },
    }),
    promised('A-11-14', 'failed', 'Backups are destroyed after 90 days at most.', {
      install: {
        state: 'failed',
        why: 'a backup of data is 94 days old, and its term is 90',
        evidence: '',
        at: ago(25),
      },
    }),
    promised('A-12.4-04', 'unproven', 'Backups are made regularly, and playing them back is tried.'),
    promised('A-12.4-01', 'not_applicable', 'Only trained people work on it.', {
      check: '',
      support: 'access-review',
    }),
  ],
};

/** Answers what the list of reports asks; undefined for everything else. */
export function reportRoute(path, query, { json, list }) {
  if (path === '/privacy/cases') return list(query.get('about') === 'answers' ? cases : []);
  if (path === '/privacy/promises') return json(promises);
  if (path === '/privacy/certificates') return list([]);
  if (path === '/privacy/reports') {
    const counts = { Wrong: 4, Unfair: 1, Harmful: 1, Other: 0 };
    return json({ items: Object.entries(counts).map(([words, count]) => ({ name: words, words, count })) });
  }
  if (/^\/privacy\/cases\/\w+\/close$/.test(path)) return json({ ...cases[0], state: 'done' });
  return undefined;
}
