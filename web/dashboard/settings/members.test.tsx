import { key } from '@core/merge.ts';
import type { Me } from '@core/types.ts';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { show } from '../dev/render.tsx';
import { DeskContext, useDesk } from '../state/desk.tsx';
import { MembersTab } from './members.tsx';

const people = ['owner', 'admin', 'agent'].map((role, i) => ({
  id: String(i + 10),
  name: `The ${role}`,
  email: `${role}@x.example`,
  role,
  state: 'active',
  last_seen_at: null,
  second_factor: role === 'owner',
}));

function As({ permissions }: { permissions: Me['permissions'] }) {
  const desk = useDesk();
  return (
    <DeskContext value={{ ...desk, me: { ...desk.me, permissions } }}>
      <MembersTab />
    </DeskContext>
  );
}

async function look(...permissions: string[]) {
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ items: people, next: '' })));
  const { client } = await show(<As permissions={permissions} />);
  await client.refetchQueries({ queryKey: key.members });
  await screen.findByText('The agent');
  return screen.queryAllByRole('button').map((b) => b.getAttribute('aria-label') ?? b.textContent);
}

const roles = 'What each role may do';

test('an owner changes everybody', async () => {
  expect(await look('member.read', 'member.write', 'admin.write')).toEqual([
    roles,
    'Add member',
    'Change: The owner',
    'Change: The admin',
    'Change: The agent',
  ]);
});

test('who has a second step, and who does not, is said of everybody', async () => {
  await look('member.read');
  expect(screen.getAllByText(/second step$/i).map((e) => e.textContent)).toEqual([
    'With a second step',
    'No second step',
    'No second step',
  ]);
});

test('an admin changes those who manage nobody, and gives no wider role', async () => {
  expect(await look('member.read', 'member.write')).toEqual([roles, 'Add member', 'Change: The agent']);
  await userEvent.click(screen.getByRole('button', { name: 'Add member' }));
  const given = await screen.findByLabelText('Role');
  expect([...given.querySelectorAll('option')].map((o) => o.value)).toEqual([
    'agent',
    'analyst',
    'billing',
    'privacy',
  ]);
});

test('who may only read changes nobody', async () => {
  expect(await look('member.read')).toEqual([roles]);
});
