import type { Channel } from '@core/types.ts';
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import * as data from '../dev/fixtures.mjs';
import { show } from '../dev/render.tsx';
import { ChannelCard } from './screen.tsx';

test('a channel without settings of a website is shown, and leads nowhere', async () => {
  vi.stubGlobal('scrollTo', () => {}); // jsdom has none
  const gone = { ...data.widget, id: '9', kind: 'messenger', name: '', state: 'gone', settings: {} };
  const cards = () => (
    <>
      <ChannelCard c={gone as unknown as Channel} />
      <ChannelCard c={data.widget as unknown as Channel} />
    </>
  );
  const router = createRouter({
    routeTree: createRootRoute({ component: cards }),
    history: createMemoryHistory({ initialEntries: ['/'] }),
  });
  await router.load();
  await show(<RouterProvider router={router as never} />);
  expect(await screen.findAllByText('Messenger')).toHaveLength(2);
  expect(screen.getByText('Disconnected')).toBeTruthy();
  expect(screen.getAllByRole('link')).toHaveLength(1);
});
