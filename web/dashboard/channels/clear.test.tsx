import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { show } from '../dev/render.tsx';
import ClearDialog from './clear.tsx';

const answer = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
const none = { conversations: 0, messages: 0, files: 0, drafts: 0, ai_runs: 0, ai_logs: 0, people: 0 };
const some = { ...none, conversations: 40, messages: 300, people: 31 };
const state = (over: object) => ({
  state: 'idle',
  goes: none,
  held: none,
  done: 0,
  certificate: null,
  ...over,
});
const certificate = {
  id: '9',
  kind: 'clearing',
  no: 4,
  state: 'done',
  deleted: [{ name: 'messages', count: 300, words: 'Messages: 300' }],
  kept: [],
  remains: [],
  opened_at: '2026-11-22T05:00:00Z',
  done_at: '2026-11-22T05:01:00Z',
  unsubscribed: false,
  proof: { document: {}, signature: 'x' },
};

const server = vi.fn<typeof fetch>();
const asked = () =>
  server.mock.calls.filter(([, init]) => init?.method === 'POST').map(([, init]) => String(init?.body));
const open = () =>
  show(<ClearDialog channel={{ id: 'c1', kind: 'widget' } as never} name="Shop" onClose={() => {}} />);

/** Answers what is asked for: the state by GET, the preview and the act by POST. */
const says = (now: object, post: object) =>
  server.mockImplementation(async (_, init) => answer(200, init?.method === 'POST' ? post : now));

beforeEach(() => {
  server.mockReset();
  vi.stubGlobal('fetch', server);
});

test('says what goes and what a hold keeps, and begins only after a clear yes', async () => {
  const user = userEvent.setup();
  says(state({}), state({ goes: some, held: { ...none, conversations: 2, people: 1 }, confirm: 'k1' }));
  await open();
  expect((await screen.findByText('People erased whole')).nextSibling?.textContent).toBe('31');
  expect(screen.getByText(/People who stay: 1. Their conversations: 2/)).toBeTruthy();
  const run = screen.getByRole('button', { name: 'Delete all now' }) as HTMLButtonElement;
  expect(run.disabled).toBe(true);
  await user.keyboard('{Enter}');
  expect(asked()).toEqual(['{}']);
  const working = state({
    state: 'working',
    goes: some,
    done: 10,
    certificate: { ...certificate, state: 'working' },
  });
  says(working, working);
  await user.click(screen.getByRole('checkbox'));
  await user.click(run);
  expect((await screen.findByRole('progressbar')).getAttribute('aria-valuenow')).toBe('25');
  expect(screen.getByRole('status').textContent).toBe('10 of 40 conversations are gone');
  expect(asked()).toEqual(['{}', '{"confirm":"k1"}']);
});

test('who opens it while it goes on sees it, and nothing is asked anew', async () => {
  says(
    state({ state: 'working', goes: some, done: 20, certificate: { ...certificate, state: 'working' } }),
    {},
  );
  await open();
  expect(await screen.findByRole('progressbar')).toBeTruthy();
  expect(screen.queryByRole('checkbox')).toBeNull();
});

test('where nothing may be deleted it says so and offers nothing', async () => {
  says(state({ state: 'done', certificate }), state({ state: 'done', certificate, confirm: 'k1' }));
  await open();
  expect(await screen.findByText('There is nothing that may be deleted.')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Delete all now' })).toBeNull();
});
