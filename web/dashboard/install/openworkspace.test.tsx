import type { InstanceWorkspace } from '@core/standing.ts';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { show } from '../dev/render.tsx';
import { DeskContext, useDesk } from '../state/desk.tsx';
import OpenDialog from './openworkspace.tsx';

const bazaar: InstanceWorkspace = {
  ...{
    id: '3',
    name: 'Bazaar',
    created_at: '2026-01-01T00:00:00Z',
    suspended: true,
    closed: false,
    ending: false,
    own: false,
  },
  ...{ members: 2, channels: 1, conversations: 9, open_appeals: 1 },
};

function Operator() {
  const desk = useDesk();
  const me = { ...desk.me, permissions: ['instance.read', 'instance.suspend'] };
  return (
    <DeskContext value={{ ...desk, me }}>
      <OpenDialog workspace={bazaar} onClose={() => {}} />
    </DeskContext>
  );
}

test('a workspace opens for a reason only, and an appeal is answered with one', async () => {
  const asked: [string, unknown][] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    asked.push([url, init.body ? JSON.parse(String(init.body)) : null]);
    const appeal = { id: '8', text: 'They wrote first', sent_at: '2026-11-20T10:00:00Z', answer: '' };
    return new Response(
      JSON.stringify({
        ...bazaar,
        suspensions: [{ reason: 'Spam', begun_at: '2026-11-19T10:00:00Z', lifted_at: null, lifted_why: '' }],
        appeals: [{ ...appeal, state: 'open', decided_at: null }],
      }),
    );
  });
  await show(<Operator />);
  await userEvent.type(await screen.findByLabelText('Why do you open it?'), 'a complaint');
  expect(asked).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Open' }));
  await screen.findByText('They wrote first');
  await userEvent.type(screen.getByLabelText('Your answer'), 'no proof');
  await userEvent.click(screen.getByRole('button', { name: 'Refuse' }));
  await screen.findByText('Refused');
  expect(asked.slice(0, 2)).toEqual([
    ['/api/v1/instance/workspaces/3/open', { reason: 'a complaint' }],
    ['/api/v1/instance/workspaces/3/appeals/8/decide', { granted: false, reason: 'no proof' }],
  ]);
});
