import type { Conversation } from '@core/types.ts';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { conversations, show } from '../dev/render.tsx';
import Templates from './template.tsx';

const answer = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });

const ready = {
  id: '1',
  name: 'order_ready',
  language: 'en',
  category: 'UTILITY',
  state: 'APPROVED',
  header: '',
  header_kind: '',
  body: 'Hello {{1}}, your order {{2}} is ready.',
  footer: 'Northwind',
  header_params: [],
  params: ['1', '2'],
  named: false,
  buttons: [],
  blocked: '',
  words: '',
};
const list = (items: unknown[], over = {}) =>
  answer(200, {
    items,
    channel_id: '5',
    synced_at: '2026-11-22T05:00:00.000Z',
    fault: '',
    words: '',
    in_window: false,
    ...over,
  });

const c = conversations[0] as Conversation;
const closed = vi.fn();
const server = vi.fn<typeof fetch>();
const sent = () =>
  server.mock.calls
    .filter(([, init]) => init?.method === 'POST')
    .map(([at, init]) => [String(at).split('/').pop(), JSON.parse(String(init?.body ?? '{}'))]);

beforeEach(() => {
  server.mockReset();
  closed.mockClear();
  vi.stubGlobal('fetch', server);
});

test('is found and chosen by keyboard, shows what will be read, and sends each value in its place', async () => {
  const user = userEvent.setup();
  server.mockImplementation(async (_at, init) => (init?.method === 'POST' ? answer(201, {}) : list([ready])));
  await show(<Templates c={c} onClose={closed} />);
  await screen.findByText('Order ready');
  await user.keyboard('order{Enter}');
  const first = await screen.findByLabelText('Value 1');
  expect(document.activeElement).toBe(first);
  await user.keyboard('Ayşe{Tab}');
  await user.click(screen.getByRole('button', { name: 'Send template' }));
  expect(sent()).toEqual([]);
  expect(screen.getByText('Fill in every value.')).toBeTruthy();
  expect(document.activeElement).toBe(screen.getByLabelText('Value 2'));
  await user.keyboard('771');
  expect(screen.getByRole('region', { name: /will read/ }).textContent).toContain(
    'Hello Ayşe, your order 771 is ready.Northwind',
  );
  await user.keyboard('{Enter}');
  await waitFor(() => expect(closed).toHaveBeenCalledOnce());
  expect(sent()).toEqual([
    ['messages', { template: { name: 'order_ready', language: 'en', params: ['Ayşe', '771'] } }],
  ]);
});

test('shows at each value what the server finds wrong with it', async () => {
  const user = userEvent.setup();
  server.mockImplementation(async (_at, init) =>
    init?.method === 'POST'
      ? answer(422, {
          status: 422,
          code: 'template_params',
          detail: 'x',
          errors: [{ location: 'body.template.params[1]', message: 'This value is too long.' }],
        })
      : list([ready]),
  );
  await show(<Templates c={c} onClose={closed} />);
  await user.click(await screen.findByText('Order ready'));
  await user.type(await screen.findByLabelText('Value 1'), 'a');
  await user.type(screen.getByLabelText('Value 2'), 'b{Enter}');
  expect(await screen.findByText('This value is too long.')).toBeTruthy();
  expect(screen.getByLabelText('Value 2').getAttribute('aria-invalid')).toBe('true');
  expect(closed).not.toHaveBeenCalled();
});

test('without a permission it offers to record one, with how it was given, and goes on', async () => {
  const user = userEvent.setup();
  let blocked = 'opt_in_needed';
  server.mockImplementation(async (at, init) => {
    if (init?.method !== 'POST') return list([{ ...ready, blocked, words: blocked ? 'No permission.' : '' }]);
    if (String(at).endsWith('/opt-ins')) blocked = '';
    return answer(201, {});
  });
  await show(<Templates c={c} onClose={closed} />);
  await user.click(await screen.findByText('Order ready'));
  const save = await screen.findByRole('button', { name: 'Put on record' });
  expect(screen.queryByRole('button', { name: 'Send template' })).toBeNull();
  expect((save as HTMLButtonElement).disabled).toBe(true);
  await user.type(screen.getByLabelText('How and where was it given?'), 'At the till');
  await user.click(screen.getByRole('checkbox'));
  await user.click(save);
  expect(await screen.findByRole('button', { name: 'Send template' })).toBeTruthy();
  expect(sent()).toEqual([['opt-ins', { channel_id: c.channel.id, topic: 'messages', note: 'At the till' }]]);
});

test('an empty list says where templates are made, and asks again on wish', async () => {
  const user = userEvent.setup();
  server.mockImplementation(async (_at, init) => list(init?.method === 'POST' ? [ready] : []));
  await show(<Templates c={c} onClose={closed} />);
  expect(await screen.findByText('No template is approved for this channel yet.')).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Ask again now' }));
  expect(await screen.findByText('Order ready')).toBeTruthy();
});
