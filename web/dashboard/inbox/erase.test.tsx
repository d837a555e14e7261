import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import * as data from '../dev/fixtures.mjs';
import { show } from '../dev/render.tsx';
import EraseDialog from './erase.tsx';

const answer = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
const preview = () => answer(200, { counts: data.holdings, confirm: 'c1', erased: false, at: null });

const server = vi.fn<typeof fetch>();
const erased = vi.fn(async () => {});
const bodies = () => server.mock.calls.map(([, init]) => JSON.parse(String(init?.body ?? '{}')));
const open = () =>
  show(<EraseDialog contact={{ id: 'c1', name: 'Ayşe Demir' }} onErased={erased} onClose={() => {}} />);

beforeEach(() => {
  server.mockReset();
  erased.mockClear();
  vi.stubGlobal('fetch', server);
});

test('says what goes, erases only after a clear yes, and hands over the proof', async () => {
  const user = userEvent.setup();
  server.mockResolvedValueOnce(preview());
  await open();
  expect((await screen.findByText('Messages')).nextSibling?.textContent).toBe('41');
  const run = screen.getByRole('button', { name: 'Erase now' }) as HTMLButtonElement;
  expect(run.disabled).toBe(true);
  await user.keyboard('{Enter}');
  expect(server).toHaveBeenCalledTimes(1);
  server.mockResolvedValueOnce(
    answer(200, {
      counts: data.holdings,
      erased: true,
      no: 17,
      at: '2026-11-22T05:00:00.000Z',
      certificate: { document: {}, signature: 'x' },
    }),
  );
  await user.click(screen.getByRole('checkbox'));
  await user.click(run);
  expect((await screen.findByText('Number in the privacy ledger')).nextSibling?.textContent).toBe('17');
  expect(bodies()).toEqual([{}, { confirm: 'c1' }]);
  expect(erased).toHaveBeenCalledOnce();
  expect(screen.getByRole('button', { name: /certificate/ })).toBeTruthy();
  expect(document.body.textContent).not.toContain('Ayşe');
});

test('a preview that grew old is looked at again, not erased', async () => {
  const user = userEvent.setup();
  server.mockResolvedValueOnce(preview());
  await open();
  await user.click(await screen.findByRole('checkbox'));
  server.mockResolvedValueOnce(answer(409, { status: 409, code: 'confirm_over', title: 'x' }));
  await user.click(screen.getByRole('button', { name: 'Erase now' }));
  expect((await screen.findByRole('alert')).textContent).toMatch(/Too much time has passed/);
  server.mockResolvedValueOnce(preview());
  await user.click(screen.getByRole('button', { name: 'Look again' }));
  await waitFor(() => expect(bodies()).toEqual([{}, { confirm: 'c1' }, {}]));
  expect(erased).not.toHaveBeenCalled();
});

test('without the right, or without a server, it says so and offers another try', async () => {
  const user = userEvent.setup();
  server.mockResolvedValueOnce(answer(403, { status: 403, code: 'permission', title: 'x' }));
  await open();
  expect((await screen.findByRole('alert')).textContent).toMatch(/Your role does not allow this/);
  server.mockRejectedValueOnce(new TypeError('offline'));
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByText(/No answer came/);
  expect(screen.queryByRole('button', { name: 'Erase now' })).toBeNull();
});

test('one conversation is deleted as itself: its person keeps what channels know them by', async () => {
  const user = userEvent.setup();
  server.mockResolvedValueOnce(preview());
  await show(
    <EraseDialog contact={{ id: 'c1', name: 'Ayşe Demir' }} talk="t1" onErased={erased} onClose={() => {}} />,
  );
  await screen.findByText('Messages');
  expect(screen.getByRole('heading', { name: 'Delete this conversation with Ayşe Demir?' })).toBeTruthy();
  expect(screen.queryByText('Identities on channels')).toBeNull();
  server.mockResolvedValueOnce(answer(200, { counts: data.holdings, erased: true, no: 18, at: null }));
  await user.click(screen.getByRole('checkbox'));
  await user.click(screen.getByRole('button', { name: 'Delete now' }));
  await screen.findByRole('heading', { name: 'Conversation deleted' });
  expect(server.mock.calls.map(([at]) => String(at))).toEqual([
    '/api/v1/conversations/t1/delete',
    '/api/v1/conversations/t1/delete',
  ]);
  expect(bodies()).toEqual([{}, { confirm: 'c1' }]);
  expect(erased).toHaveBeenCalledOnce();
});
