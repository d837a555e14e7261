import { channels } from '@core/api.ts';
import { Arrival } from '@core/arrival.ts';
import type { Channel, ChannelKind } from '@core/types.ts';
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { type ReactNode, StrictMode } from 'react';
import { beforeEach, expect, test, vi } from 'vitest';
import * as data from '../dev/fixtures.mjs';
import { show } from '../dev/render.tsx';
import { AccountPage } from './account.tsx';
import { ConnectDialog } from './connect.tsx';
import { Arrived } from './connected.tsx';

const scope = {
  name: 'pages_messaging',
  feature: 'send',
  needed: true,
  words: 'Answer messages of the page.',
};
const skills = { window_hours: 24, human_agent: true, templates: false };
const kinds: ChannelKind[] = [
  {
    kind: 'messenger',
    icon: 'messenger',
    entitled: true,
    skills,
    ways: [
      { id: 'facebook', sign_in: true, scopes: [scope], fields: [] },
      {
        id: 'token',
        sign_in: false,
        scopes: [],
        fields: [
          { name: 'page_id', secret: false, words: 'Page id' },
          { name: 'page_token', secret: true, words: 'Page access token' },
        ],
      },
    ],
  },
  { kind: 'whatsapp', icon: 'whatsapp', entitled: false, skills, ways: [] },
];
const account = (outside_id: string, name: string, more = {}) => ({
  kind: 'messenger',
  outside_id,
  name,
  username: '',
  phone: '',
  missing: [],
  blocked: '',
  ...more,
});
const offer = {
  id: '5',
  accounts: [
    account('1', 'Northwind'),
    account('2', 'Southwind', { missing: ['pages_messaging'] }),
    account('3', 'Eastwind', { blocked: 'Your role on this page may not answer messages.' }),
  ],
};
const messenger = { ...data.widget, id: '9', kind: 'messenger', name: 'Northwind', settings: {} };

const asked: { path: string; body: unknown }[] = [];
let answers: Record<string, unknown>;
beforeEach(() => {
  asked.length = 0;
  answers = { '/channel-kinds': { items: kinds, next: '' }, '/channels/connect/finish': offer };
  vi.stubGlobal('scrollTo', () => {});
  vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
    const path = url.replace('/api/v1', '');
    asked.push({ path, body: init?.body ? JSON.parse(String(init.body)) : undefined });
    const body = answers[path] ?? { status: 404, code: 'missing' };
    return new Response(JSON.stringify(body), { status: path in answers ? 200 : 404 });
  });
});
const sent = (path: string) => asked.filter((a) => a.path === path).map((a) => a.body);

async function open(part: ReactNode) {
  const router = createRouter({
    routeTree: createRootRoute({ component: () => part }),
    history: createMemoryHistory({ initialEntries: ['/'] }),
  });
  await router.load();
  await show(
    <StrictMode>
      <RouterProvider router={router as never} />
    </StrictMode>,
  );
}
const arrival = (query: string) => new Arrival(new URLSearchParams(query), channels.finish);

test('a sign-in is finished once, nothing is ticked, and only what is ticked is connected', async () => {
  const user = userEvent.setup();
  answers['/channels/connect/confirm'] = {
    items: [
      { kind: 'messenger', outside_id: '1', channel: messenger },
      { kind: 'messenger', outside_id: '2', code: 'account_taken', text: 'Another workspace has it.' },
    ],
    next: '',
  };
  await open(<Arrived arrival={arrival('code=c&state=word')} onDone={() => {}} />);
  const boxes = (await screen.findAllByRole('checkbox')) as HTMLInputElement[];
  expect(sent('/channels/connect/finish')).toEqual([{ code: 'c', state: 'word' }]);
  expect(boxes.map((b) => [b.checked, b.disabled])).toEqual([
    [false, false],
    [false, false],
    [false, true],
  ]);
  expect(screen.getByText('Your role on this page may not answer messages.')).toBeTruthy();
  expect(await screen.findByText(/Not granted: Answer messages of the page/)).toBeTruthy();
  const connect = screen.getByRole('button', { name: 'Connect' }) as HTMLButtonElement;
  expect(connect.disabled).toBe(true);
  for (const box of boxes) await user.click(box);
  await user.click(connect);
  expect(await screen.findByText('Another workspace has it.')).toBeTruthy();
  expect(screen.getByText('Connected')).toBeTruthy();
  expect(screen.getByText('Not connected')).toBeTruthy();
  expect(sent('/channels/connect/confirm')).toEqual([
    {
      offer_id: '5',
      accounts: [
        { kind: 'messenger', outside_id: '1' },
        { kind: 'messenger', outside_id: '2' },
      ],
    },
  ]);
});

test('a refused, a used and a missing sign-in say so and lead to another', async () => {
  const user = userEvent.setup();
  const cases: [Arrival | null, RegExp][] = [
    [arrival('error=access_denied&state=word'), /The sign-in was cancelled/],
    [arrival('error=server_error'), /Nothing was connected. Start again/],
    [null, /No sign-in is waiting here/],
  ];
  for (const [from, words] of cases) {
    const view = await show(<Arrived arrival={from} onDone={() => {}} />);
    expect(await screen.findByText(words)).toBeTruthy();
    view.unmount();
  }
  expect(sent('/channels/connect/finish')).toEqual([]);
  answers = { '/channel-kinds': answers['/channel-kinds'] };
  await show(<Arrived arrival={arrival('code=c&state=word')} onDone={() => {}} />);
  expect(await screen.findByText('The sign-in did not work')).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Start again' }));
  expect(await screen.findByRole('button', { name: /Messenger/ })).toBeTruthy();
});

test('what is asked for stands before the way out, and every way needs its own yes', async () => {
  const user = userEvent.setup();
  answers['/channels/connect/paste'] = offer;
  await open(<ConnectDialog onClose={() => {}} />);
  await user.click(await screen.findByRole('button', { name: /Messenger/ }));
  expect(screen.queryByRole('button', { name: /WhatsApp/ })).toBeNull();
  expect(screen.getByText('Answer messages of the page.')).toBeTruthy();
  const go = screen.getByRole('button', { name: 'Continue to Facebook' }) as HTMLButtonElement;
  expect(go.disabled).toBe(true);
  await user.click(screen.getByRole('checkbox'));
  expect(go.disabled).toBe(false);
  await user.selectOptions(screen.getByLabelText('How to connect'), 'token');
  expect((screen.getByRole('checkbox') as HTMLInputElement).checked).toBe(false);
  const token = screen.getByLabelText('Page access token') as HTMLInputElement;
  expect([token.type, token.autocomplete]).toEqual(['password', 'new-password']);
  await user.type(token, ' EAAG ');
  await user.type(screen.getByLabelText('Page id'), '77');
  await user.keyboard('{Enter}');
  expect(sent('/channels/connect/paste')).toEqual([]);
  await user.click(screen.getByRole('checkbox'));
  await user.click(screen.getByRole('button', { name: 'Check the token' }));
  expect(await screen.findByText('Which accounts?')).toBeTruthy();
  expect(sent('/channels/connect/paste')).toEqual([
    { kind: 'messenger', way: 'token', acknowledged: true, fields: { page_id: '77', page_token: 'EAAG' } },
  ]);
});

test('a channel that is not in the plan cannot be chosen', async () => {
  await open(<ConnectDialog onClose={() => {}} />);
  expect(await screen.findByText('Not in your plan')).toBeTruthy();
  expect(screen.queryByRole('button', { name: /WhatsApp/ })).toBeNull();
});

test('an account that lost its access says so, and its health says what to do', async () => {
  const user = userEvent.setup();
  answers['/channels/9/health'] = {
    state: 'reconnect_needed',
    last_event_at: null,
    token_until: null,
    findings: [
      { name: 'reach', ok: true, words: 'Meta answers', fault: '', detail: '' },
      { name: 'token', ok: false, words: 'The access is valid', fault: 'Connect it again.', detail: '' },
    ],
  };
  answers['/channels/9'] = { ...messenger, paused: true };
  await open(<AccountPage channel={{ ...messenger, state: 'reconnect_needed' } as unknown as Channel} />);
  expect(screen.getByText(/access has ended/)).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Check now' }));
  expect(await screen.findByText('Connect it again.')).toBeTruthy();
  expect([screen.getByText('In order'), screen.getByText('Not in order')]).toHaveLength(2);
  await user.click(screen.getByRole('switch', { name: 'Pause the AI here' }));
  await waitFor(() => expect(sent('/channels/9')).toEqual([{ paused: true }]));
  await user.click(screen.getByRole('button', { name: 'Reconnect' }));
  expect(await screen.findByText('Answer messages of the page.')).toBeTruthy();
});
