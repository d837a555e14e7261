import { expect, test } from 'vitest';
import { merge, newestOut, openChoices, unreadAfter } from './log.ts';
import type { Message } from './wire.ts';

const message = (seq: number, part: Partial<Message> = {}): Message => ({
  id: `m${seq}`,
  seq,
  direction: 'out',
  author: { kind: 'ai', name: '' },
  body: `${seq}`,
  at: '2026-11-22T10:00:00.000Z',
  status: 'sent',
  buttons: [],
  ...part,
});

test('messages that come twice, late or out of order stand once, in the server’s order', () => {
  const have = merge([], [message(3), message(1)]);
  const all = merge(have, [message(2), message(1, { status: 'read' }), message(3)]);
  expect(all.map((m) => [m.seq, m.status])).toEqual([
    [1, 'read'],
    [2, 'sent'],
    [3, 'sent'],
  ]);
});

test('a message without an id has no place yet and is not shown twice', () => {
  expect(merge([message(1)], [message(0, { id: '' })])).toHaveLength(1);
});

test('only what was said to the visitor is unread', () => {
  const all = [
    message(1),
    message(2, { direction: 'in' }),
    message(3, { direction: 'none', event: { kind: 'take_over' } }),
    message(4),
  ];
  expect(unreadAfter(all, 0)).toBe(2);
  expect(unreadAfter(all, 1)).toBe(1);
  expect(unreadAfter(all, 4)).toBe(0);
  expect(newestOut(all)).toBe(4);
  expect(newestOut([])).toBe(0);
});

test('choices hold until anything is said after them', () => {
  const asks = message(2, { buttons: [{ id: 'a', label: 'A' }] });
  const event = message(3, { direction: 'none', event: { kind: 'hand_over' } });
  expect(openChoices([message(1), asks, event], 0)).toBe(asks);
  expect(openChoices([message(1), asks], 1)).toBeUndefined();
  expect(openChoices([asks, message(3, { direction: 'in' })], 0)).toBeUndefined();
  expect(openChoices([], 0)).toBeUndefined();
});
