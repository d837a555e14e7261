import { expect, test } from 'vitest';
import { parts } from './rich.ts';

const shown = (body: string) =>
  parts(body).map((p) => (p.kind === 'link' ? [p.text, p.url] : [p.kind, p.text]));

test('bold and both forms of links are cut out of the text', () => {
  expect(shown('Up to **30 days**, see [Returns](https://a.example/r?x=1) or https://b.example/x.')).toEqual([
    ['text', 'Up to '],
    ['bold', '30 days'],
    ['text', ', see '],
    ['Returns', 'https://a.example/r?x=1'],
    ['text', ' or '],
    ['https://b.example/x', 'https://b.example/x'],
    ['text', '.'],
  ]);
});

test.each([
  '[x](javascript:alert(1))',
  'javascript:alert(1)',
  '<img src=x onerror=alert(1)>',
  '[x](data:text/html,hi)',
  '**',
  '** **\n**',
  'http://',
])('%s stays plain text, to the letter', (body) => {
  const all = parts(body);
  expect(all.some((p) => p.kind === 'link')).toBe(false);
  expect(all.map((p) => (p.kind === 'bold' ? `**${p.text}**` : p.text)).join('')).toBe(body);
});

test('nothing of a message is lost and each part knows its place', () => {
  const body = 'a **b** c\nd https://e.example f';
  const all = parts(body);
  expect(all.map((p) => (p.kind === 'bold' ? `**${p.text}**` : p.text)).join('')).toBe(body);
  expect(new Set(all.map((p) => p.at)).size).toBe(all.length);
});

test('a long hostile text is cut in linear time', () => {
  const body = '**'.repeat(20_000) + '['.repeat(20_000) + 'https://'.repeat(5000);
  const began = performance.now();
  parts(body);
  expect(performance.now() - began).toBeLessThan(5000);
});
