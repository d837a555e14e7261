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

const demanded = (id, state, more = {}) => ({
  id,
  state,
  authority: 'Istanbul 3rd Criminal Court of Peace',
  reference: '2026/1482',
  basis: 'Code of Criminal Procedure, article 332',
  said: [],
  parts: ['messages', 'files'],
  from: ago(60 * 24 * 20),
  until: ago(60 * 24 * 13),
  due_at: ago(-60 * 24 * 9),
  silent_until: null,
  opened_by: '2',
  approvals: [],
  at: ago(300),
  ended_at: null,
  persons: [{ contact_id: '11', name: 'Ayşe Yılmaz', times: 0, last_at: null }],
  ...more,
});
const demands = [
  demanded('61', 'open', { silent_until: ago(-60 * 24 * 40) }),
  demanded('60', 'approved', {
    approvals: ['2', '3'],
    said: ['The time was too long; the court narrowed it.'],
  }),
  demanded('59', 'handed', {
    approvals: ['2', '3'],
    parts: ['profile'],
    from: null,
    until: null,
    ended_at: ago(900),
  }),
  demanded('58', 'refused', { persons: [], said: ['No law allows it.'], ended_at: ago(4000) }),
];

const owed = (id, kind, more = {}) => ({
  id,
  kind,
  state: 'open',
  standing: true,
  title: '',
  member_id: '0',
  person: '',
  note: '',
  every_days: 365,
  due_at: ago(-60 * 24 * 40),
  overdue: false,
  at: ago(60 * 24 * 50),
  done_at: null,
  done_by: '0',
  signed_by: '',
  document_sha256: '',
  changed: false,
  sections: [],
  lines: [],
  verdicts: [],
  ...more,
});
const weighs = (key, name, words, detail, more = {}) => ({
  key,
  name,
  words,
  detail,
  verdict: '',
  why: '',
  ...more,
});
const hash = '5f1f2c9f6a41d3b0c2d18a7e91b1f7f35c7f0f6d2c9b4e7a8d6c5b4a39281706';
const owes = [
  owed('71', 'access', {
    every_days: 90,
    due_at: ago(60 * 24 * 3),
    overdue: true,
    document_sha256: hash,
    verdicts: ['keep', 'remove'],
    lines: [
      weighs('member:2', 'Olive Yıldız', 'owner', ['Last here on 2026-11-23']),
      weighs('member:3', 'Deniz Kaya', 'agent', ['Never used']),
      weighs('key:9', '', 'Till (agent)', ['Last here on 2026-08-02', 'Ends on 2027-02-11']),
    ],
  }),
  owed('72', 'assessment', {
    due_at: ago(-60 * 24 * 12),
    changed: true,
    document_sha256: hash,
    verdicts: ['low', 'medium', 'high'],
    sections: [
      {
        title: 'What is done',
        lines: [
          'Customers and visitors write to Northwind, and members of it answer, over: Instagram (Meta), the website chat.',
          'A language model answers by itself where its knowledge is sure enough, and calls a person where it is not.',
          'OpenAI, L.L.C. (EEA: OpenAI Ireland Ltd) (United States): words of answers, search words, vectors',
        ],
      },
      {
        title: 'Which data, why, on which ground and until when',
        lines: [
          'What you and Northwind write, and the AI’s answers and drafts. Why: To answer you. Ground: legitimate interest. Until: as long as the conversation it belongs to.',
        ],
      },
    ],
    lines: [
      weighs('wrong', '', 'A wrong answer', [
        'Somebody acts on what the assistant says, and it is not so.',
        'A wrong answer can be reported, and what it said can be forbidden. (A-7.5-01: proven)',
        'Refunds, complaints, legal and health matters go to a person unless the business decides otherwise. (A-7.4-02: not proven on this install)',
      ]),
      weighs('child', '', 'Children', ['A child writes without anybody noticing.']),
    ],
  }),
  owed('73', 'training', {
    standing: false,
    title: 'Data protection for the front desk',
    person: 'Deniz Kaya',
  }),
];
const signed = [
  owed('70', 'agreement', {
    state: 'done',
    title: 'Confidentiality, 2026',
    person: 'Cleaner Ltd',
    every_days: 0,
    done_at: ago(60 * 24 * 30),
    done_by: '2',
    signed_by: 'Olive Yıldız',
    document_sha256: hash,
  }),
];

/** Answers what the list of reports asks; undefined for everything else. */
export function reportRoute(path, query, { json, list }) {
  if (path === '/privacy/cases') return list(query.get('about') === 'answers' ? cases : []);
  if (path === '/privacy/duties') return list(query.get('state') === 'done' ? signed : owes);
  const duty = /^\/privacy\/duties\/(\d+)$/.exec(path);
  if (duty) return json([...owes, ...signed].find((d) => d.id === duty[1]));
  if (path === '/privacy/demands') return list(demands);
  if (path === '/privacy/promises') return json(promises);
  if (path === '/privacy/certificates') return list([]);
  if (path === '/privacy/reports') {
    const counts = { Wrong: 4, Unfair: 1, Harmful: 1, Other: 0 };
    return json({ items: Object.entries(counts).map(([words, count]) => ({ name: words, words, count })) });
  }
  if (/^\/privacy\/cases\/\w+\/close$/.test(path)) return json({ ...cases[0], state: 'done' });
  return undefined;
}
