import type { Kept as Rule } from '@core/kept.ts';
import type { LegalHold } from '@core/persons.ts';
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { show } from '../dev/render.tsx';
import { DeskContext, useDesk } from '../state/desk.tsx';
import Kept from './kept.tsx';

const talks: Rule = { rule: 'conversations', days: 0, most_days: 0, over: 0 };
const visits: Rule = { rule: 'visits', days: 30, most_days: 90, over: 2 };
const hold: LegalHold = {
  id: '5',
  contact_id: '9',
  person: 'Ada Lovelace',
  reason: 'A claim',
  authority: 'Court 4',
  by: 'Selin Koç',
  begun_at: '2026-11-01T10:00:00Z',
  released_at: null,
};

type Asked = { method: string; url: string; body: unknown };

/** A server that ends 214 conversations at 365 days; it gives back what it was asked. */
function serve(held: LegalHold[] = [hold]): Asked[] {
  const asked: Asked[] = [];
  const list = (items: unknown[]) => new Response(JSON.stringify({ items, next: '' }));
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const method = init.method ?? 'GET';
    asked.push({ method, url, body: init.body ? JSON.parse(String(init.body)) : null });
    if (url.includes('/release')) {
      held.splice(0, 1, { ...hold, released_at: '2026-11-20T10:00:00Z' });
      return new Response(null, { status: 204 });
    }
    if (url.startsWith('/api/v1/privacy/holds')) return list(held);
    if (method === 'PUT') return list([{ ...talks, days: 365, over: 214 }, visits]);
    const query = new URLSearchParams(url.split('?')[1]);
    const days = Number(query.get('days'));
    if (query.get('rule') === 'visits') return list([talks, { ...visits, days: days || 90, over: 0 }]);
    return list([{ ...talks, days, over: days ? Math.max(0, 579 - days) : 0 }, visits]);
  });
  return asked;
}

const may = (permissions: string[]) =>
  function Officer() {
    const desk = useDesk();
    return (
      <DeskContext value={{ ...desk, me: { ...desk.me, permissions } }}>
        <Kept />
      </DeskContext>
    );
  };

async function open(permissions = ['case.read', 'case.write']) {
  vi.stubGlobal('scrollTo', () => {}); // jsdom has none
  const router = createRouter({
    routeTree: createRootRoute({ component: may(permissions) }),
    history: createMemoryHistory(),
  });
  await show(<RouterProvider router={router as never} />);
  await screen.findByText('Conversations');
}

const button = (name: string) => screen.getByRole('button', { name });

test('a shorter time is set only after what it ends was counted and understood', async () => {
  const asked = serve();
  await open();
  await userEvent.click(button('Change: Conversations'));
  await userEvent.click(await screen.findByRole('radio', { name: 'Shorter' }));
  await userEvent.type(screen.getByLabelText('Days'), '365');
  await screen.findByText('The next sweep ends 214 conversations for good.');
  const keep = button('Keep for 365 days') as HTMLButtonElement;
  expect(keep.disabled).toBe(true);
  await userEvent.click(screen.getByRole('checkbox'));
  expect(keep.disabled).toBe(false);
  // Other days are another question: what was understood of these holds for these alone.
  await userEvent.type(screen.getByLabelText('Days'), '{Backspace}4');
  await screen.findByText('The next sweep ends 215 conversations for good.');
  expect((button('Keep for 364 days') as HTMLButtonElement).disabled).toBe(true);
  await userEvent.type(screen.getByLabelText('Days'), '{Backspace}5');
  await screen.findByText('The next sweep ends 214 conversations for good.');
  expect(asked.filter((a) => a.method !== 'GET')).toEqual([]);
  await userEvent.click(button('Keep for 365 days'));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(asked.filter((a) => a.method !== 'GET')).toEqual([
    { method: 'PUT', url: '/api/v1/privacy/retention', body: { days: { conversations: 365 } } },
  ]);
  await screen.findByText('365 days');
});

test('what ends nothing asks for nothing more, and nothing is kept longer than promised', async () => {
  serve();
  await open();
  await userEvent.click(button('Change: Visits to your website'));
  const days = await screen.findByLabelText('Days');
  await screen.findByText('That is how it is now.');
  await userEvent.clear(days);
  await userEvent.type(days, '90');
  await screen.findByText('Write a number from 1 to 89.');
  expect((button('Save') as HTMLButtonElement).disabled).toBe(true);
  await userEvent.click(screen.getByRole('radio', { name: 'The longest: 90 days' }));
  await waitFor(() => expect((button('Keep the longest') as HTMLButtonElement).disabled).toBe(false));
});

test('what cannot be counted is not set', async () => {
  serve();
  await open();
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ code: 'internal' }), { status: 500 }));
  await userEvent.click(button('Change: Conversations'));
  await userEvent.click(await screen.findByRole('radio', { name: 'Shorter' }));
  await userEvent.type(screen.getByLabelText('Days'), '7');
  await screen.findByText('This could not be counted');
  expect((button('Keep for 7 days') as HTMLButtonElement).disabled).toBe(true);
});

test('a hold says who, why, for whom and since when, and is released after a question', async () => {
  const asked = serve();
  await open();
  const list = await screen.findByRole('list', { name: 'Legal holds' });
  for (const words of ['Ada Lovelace', 'A claim', 'Court 4', '1 Nov 2026, by Selin Koç', 'Held']) {
    expect(within(list).getByText(words)).toBeTruthy();
  }
  expect(within(list).getByRole('link').getAttribute('href')).toBe('/data-rights/person/9');
  await userEvent.click(button('Release: Ada Lovelace'));
  await screen.findByText('Release Ada Lovelace?');
  expect(asked.some((a) => a.method === 'POST')).toBe(false);
  await userEvent.click(button('Release'));
  await within(list).findByText('Released 20 Nov 2026');
  expect(screen.queryByRole('button', { name: 'Release: Ada Lovelace' })).toBeNull();
  expect(asked.find((a) => a.method === 'POST')?.url).toBe('/api/v1/privacy/holds/5/release');
});

test('whoever only reads is shown everything and offered nothing', async () => {
  serve([]);
  await open(['case.read']);
  await screen.findByText('Your role reads this. Owners, admins and whoever answers for privacy change it.');
  await screen.findByText('Nobody is held');
  expect(screen.queryByRole('button')).toBeNull();
  expect(screen.queryByRole('link', { name: 'Hold somebody' })).toBeNull();
});
