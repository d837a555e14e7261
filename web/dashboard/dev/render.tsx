import { textsAreHere } from '@core/i18n/index.ts';
import type { Conversation, Me } from '@core/types.ts';
import { QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import { ToastRoot, TooltipRoot } from '@ui';
import type { ReactNode } from 'react';
import { DeskContext } from '../state/desk.tsx';
import { setLanguage } from '../state/i18n.ts';
import { Live } from '../state/live.ts';
import { makeClient } from '../state/queries.ts';
import * as data from './fixtures.mjs';

export const me = data.me as Me;
export const conversations = data.conversations as unknown as Conversation[];
export const many = data.many as unknown as (n: number) => Conversation[];

/** Shows a part of the dashboard to a test: signed in, no stream. */
export async function show(part: ReactNode) {
  await setLanguage('en');
  await textsAreHere();
  const client = makeClient();
  const live = new Live(client, me);
  const frame = (inside: ReactNode) => (
    <QueryClientProvider client={client}>
      <TooltipRoot>
        <ToastRoot label="Notices" closeLabel="Close">
          <DeskContext value={{ me, live }}>{inside}</DeskContext>
        </ToastRoot>
      </TooltipRoot>
    </QueryClientProvider>
  );
  const view = render(frame(part));
  return { ...view, live, client, again: (next: ReactNode) => view.rerender(frame(next)) };
}
