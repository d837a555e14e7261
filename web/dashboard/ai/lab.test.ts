// @vitest-environment node
import type { LabResult, LabTried, Numbers } from '@core/lab.ts';
import { expect, it } from 'vitest';
import { csv } from './numbers.tsx';
import { movesOf } from './results.tsx';
import { expectedOf } from './savetest.tsx';

const tried = (outcome: LabTried['outcome']): LabTried => ({
  decision: 'answer',
  outcome,
  why: '',
  text: '',
  language: 'en',
  engine: 'extractive',
  confidence: 1,
  passages: [],
});

const result = (n: number, before: LabTried | null, after: LabTried | null): LabResult => ({
  n,
  test_id: '',
  message_id: String(n),
  conversation_id: '1',
  question: 'q',
  state: 'done',
  changed: false,
  failed: false,
  differs: [],
  broken: [],
  before,
  after,
});

it('counts what becomes something else, most first, and nothing that stays or is gone', () => {
  const all = [
    result(1, tried('sent'), tried('sent')),
    result(2, tried('drafted'), tried('sent')),
    result(3, tried('sent'), tried('drafted')),
    result(4, tried('sent'), tried('drafted')),
    result(5, null, tried('drafted')),
    result(6, tried('sent'), null),
  ];
  expect(movesOf(all).map((m) => [m.from, m.to, m.count])).toEqual([
    ['sent', 'drafted', 2],
    ['drafted', 'sent', 1],
  ]);
});

it('expects of a test what was decided', () => {
  expect(['answer', 'hand_over', 'did_you_mean', 'nothing'].map(expectedOf)).toEqual([
    'answered',
    'handed_over',
    'no_answer',
    'no_answer',
  ]);
});

it('writes figures as a table in which nothing is a formula', () => {
  const n: Numbers = {
    days: 7,
    from: '2026-11-15T00:00:00Z',
    to: '2026-11-22T00:00:00Z',
    counted_at: null,
    limited: false,
    figures: [{ name: 'silent', title: 'Silent', means: 'Last, "quiet"', unit: 'count', now: 3, before: 1 }],
    reasons: [],
    topics: [{ name: '=cmd()', figures: { silent: 3 } }],
    channels: [],
    languages: [],
  };
  expect(csv(n).split('\r\n')).toEqual([
    'part,name,figure,unit,now,before,means',
    'all,,silent,count,3,1,"Last, ""quiet"""',
    "topics,'=cmd(),silent,count,3,,",
  ]);
});
