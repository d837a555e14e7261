import { expect, test } from 'vitest';
import { windowOf } from './window.ts';

const now = Date.parse('2026-11-22T12:00:00Z');
const at = (hours: number) => new Date(now + hours * 3_600_000).toISOString();

test('says how one may write before anything is tried', () => {
  expect(windowOf({ window_until: null, member_until: null }, now)).toBeUndefined();
  expect(windowOf({ window_until: at(3), member_until: null }, now)).toBe('free');
  expect(windowOf({ window_until: at(1), member_until: null }, now)).toBe('ending');
  expect(windowOf({ window_until: at(0), member_until: null }, now)).toBe('closed');
  expect(windowOf({ window_until: at(-1), member_until: at(143) }, now)).toBe('person');
  expect(windowOf({ window_until: at(-145), member_until: at(-1) }, now)).toBe('closed');
});
