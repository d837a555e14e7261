import { expect, test } from 'vitest';
import { asSent, bitsOf, blanksOf, faultsOf, fittingTemplates } from './template.ts';
import type { Template } from './types.ts';

const template = (over: Partial<Template> = {}): Template => ({
  id: '1',
  name: 'order_ready',
  language: 'en',
  category: 'UTILITY',
  state: 'APPROVED',
  header: 'Order {{1}}',
  header_kind: 'text',
  body: 'Hello {{1}}, {{2}} is ready, {{1}}.',
  footer: '',
  header_params: ['1'],
  params: ['1', '2'],
  named: false,
  buttons: [
    { kind: 'quick_reply', label: 'Thanks', url: '', param: false },
    { kind: 'url', label: 'Track', url: 'https://shop.example/{{1}}', param: true },
  ],
  blocked: '',
  words: '',
  ...over,
});

test('asks for each value once, in the order it is read, and sends it where it belongs', () => {
  const t = template();
  expect(blanksOf(t).map((b) => b.place)).toEqual(['header[0]', 'params[0]', 'params[1]', 'buttons[1]']);
  const values = { 'header[0]': '771', 'params[0]': ' Ana ', 'params[1]': 'the coat', 'buttons[1]': '771' };
  expect(asSent(t, values)).toEqual({
    name: 'order_ready',
    language: 'en',
    header: ['771'],
    params: ['Ana', 'the coat'],
    buttons: [{ index: 1, kind: 'url', value: '771' }],
  });
  expect(
    bitsOf(t.body, 'params', t.params, values)
      .map((b) => b.text)
      .join(''),
  ).toBe('Hello Ana, the coat is ready, Ana.');
  expect(bitsOf(t.body, 'params', t.params, {}).filter((b) => b.blank === 'empty')).toHaveLength(3);
});

test('sends names where the template has names', () => {
  const t = template({
    named: true,
    body: 'Hi {{first_name}}',
    params: ['first_name'],
    header: '',
    header_params: [],
    buttons: [],
  });
  expect(asSent(t, { 'params[0]': 'Ana' })).toEqual({
    name: 'order_ready',
    language: 'en',
    params: ['Ana'],
    names: ['first_name'],
  });
});

test('shows a fault at the value it is about', () => {
  expect(
    faultsOf(template(), { 'template.buttons[0]': 'missing', 'template.params[1]': 'long', other: 'x' }),
  ).toEqual({
    'buttons[1]': 'missing',
    'params[1]': 'long',
  });
});

test('finds by name and by what it says; what can be sent comes first', () => {
  const all = [
    template({ name: 'b_paused', blocked: 'template_paused' }),
    template({ name: 'c_turkish', language: 'tr' }),
    template({ name: 'd_ours' }),
  ];
  expect(fittingTemplates(all, '', 'en').map((t) => t.name)).toEqual(['d_ours', 'c_turkish', 'b_paused']);
  expect(fittingTemplates(all, 'd ours', 'en')).toHaveLength(1);
  expect(fittingTemplates(all, 'HELLO', 'en')).toHaveLength(3);
});
