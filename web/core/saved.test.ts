import { expect, test } from 'vitest';
import { firstGap } from './gap.ts';
import { fill, strangers } from './saved.ts';

const known = { 'contact.name': 'Ayşe', 'member.name': 'Selin', business: 'North & Pine' };
const word = (v: string) => `the ${v}`;

test('what is known is filled in, as text and once', () => {
  expect(fill('Hi {{contact.name}}, {{ member.name }} of {{business}}', known, word)).toBe(
    'Hi Ayşe, Selin of North & Pine',
  );
  expect(fill('Hi {{contact.name}}', { ...known, 'contact.name': '{{business}} ‹x›' }, word)).toBe(
    'Hi {{business}} x',
  );
  expect(fill('$& {{contact.name}}', { ...known, 'contact.name': '$&' }, word)).toBe('$& $&');
});

test('what is not known leaves a gap that is found', () => {
  const text = fill('Hi {{contact.name}}!', { ...known, 'contact.name': ' ' }, word);
  expect(text).toBe('Hi ‹the contact.name›!');
  expect(firstGap(text)).toEqual([3, 21]);
  expect(firstGap('a ‹ b › c › 3 < 4')).toEqual([2, 7]);
  expect(firstGap('‹\n›')).toBeUndefined();
});

test('a name that stands for nothing stays and is told', () => {
  expect(fill('{{order}}', known, word)).toBe('{{order}}');
  expect(strangers('{{order}} {{contact.name}} {{ }}')).toEqual(['order', '']);
});
