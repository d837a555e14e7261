import { expect, test } from 'vitest';
import { suggestPassword } from './password.ts';

test('a suggested password is long, easy to read and never the same', () => {
  const many = Array.from({ length: 200 }, suggestPassword);
  for (const p of many) expect(p).toMatch(/^([a-hjkmnp-z2-9]{5}-){3}[a-hjkmnp-z2-9]{5}$/);
  expect(new Set(many).size).toBe(200);
});
