import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { show } from '../dev/render.tsx';
import Agree from './card.tsx';

const asked = ['age_business', 'privacy'].map((what) => ({
  what,
  version: '2026-11-22',
  text: `About ${what}`,
}));

/** A server that keeps what is answered. */
function server() {
  const answered: Record<string, string>[] = [];
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    if (init.method === 'POST') {
      answered.push(JSON.parse(String(init.body)));
      return new Response(null, { status: 204 });
    }
    const agreed = answered.filter((a) => a.answer === 'agreed').map((a) => a.what);
    return new Response(JSON.stringify({ open: asked.filter((s) => !agreed.includes(s.what)), given: [] }));
  });
  return answered;
}

const press = async (name: string) => userEvent.click(await screen.findByRole('button', { name }));

test('one text at a time is agreed to, in the version that was shown', async () => {
  const answered = server();
  await show(<Agree />);
  await screen.findByText('About age_business');
  expect(screen.queryByText('About privacy')).toBeNull();
  await press('I agree');
  await screen.findByText('About privacy');
  expect(answered).toEqual([{ what: 'age_business', version: '2026-11-22', answer: 'agreed' }]);
});

test('who declines is shown their data and the door, and goes on', async () => {
  const answered = server();
  await show(<Agree />);
  await screen.findByText('About age_business');
  await press('Decline');
  await screen.findByText('About privacy');
  await press('Decline');
  await screen.findByRole('button', { name: 'Download my data' });
  expect(screen.getByRole('button', { name: 'Leave the workspace' })).toBeTruthy();
  expect(answered.map((a) => a.answer)).toEqual(['declined', 'declined']);
  await press('Close');
  expect(screen.queryByRole('button')).toBeNull();
});
