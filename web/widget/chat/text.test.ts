import { expect, test } from 'vitest';
import { texts } from '../loader/text.ts';
import { fill, hoursOf, localeOf, own, words } from './text.ts';

const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

test.each([
  ['chat', words],
  ['loader', texts],
])('the %s says everything in both languages, with the same places for values', (_name, { en, tr }) => {
  const english = en as Record<string, string>;
  const turkish = tr as Record<string, string>;
  expect(Object.keys(turkish).sort()).toEqual(Object.keys(english).sort());
  for (const [key, text] of Object.entries(english)) {
    expect(turkish[key]?.trim(), key).toBeTruthy();
    expect(places(turkish[key] ?? ''), key).toEqual(places(text));
  }
});

test('the card says what product decision 12 says, with the workspace’s figure', () => {
  expect(fill(words.en.nothing, 'hours', hoursOf(words.en, 24))).toBe(
    'We keep nothing on your device. Without saving, this chat is erased 24 hours after its last message.',
  );
  expect(hoursOf(words.en, 1)).toBe('1 hour');
  expect(hoursOf(words.tr, 72)).toBe('72 saat');
});

test('a value is put in to the letter, also where it looks like a pattern', () => {
  expect(fill('{name} joined', 'name', '$& $1')).toBe('$& $1 joined');
});

test.each([
  ['tr', 'tr'],
  ['TR-tr', 'tr'],
  ['trx', 'en'],
  ['de', 'en'],
  ['', 'en'],
])('%s is spoken to in %s', (tag, locale) => {
  expect(localeOf(tag)).toBe(locale);
});

test('the business’s own words come first, in the reader’s language where there are some', () => {
  expect(own({ en: 'Hi', tr: 'Selam' }, 'tr', 'ours')).toBe('Selam');
  expect(own({ en: 'Hi' }, 'tr', 'ours')).toBe('Hi');
  expect(own({ en: '' }, 'en', 'ours')).toBe('ours');
  expect(own(undefined, 'en', 'ours')).toBe('ours');
});
