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

/** Answers what the list of reports asks; undefined for everything else. */
export function reportRoute(path, query, { json, list }) {
  if (path === '/privacy/cases') return list(query.get('about') === 'answers' ? cases : []);
  if (path === '/privacy/certificates') return list([]);
  if (path === '/privacy/reports') {
    const counts = { Wrong: 4, Unfair: 1, Harmful: 1, Other: 0 };
    return json({ items: Object.entries(counts).map(([words, count]) => ({ name: words, words, count })) });
  }
  if (/^\/privacy\/cases\/\w+\/close$/.test(path)) return json({ ...cases[0], state: 'done' });
  return undefined;
}
