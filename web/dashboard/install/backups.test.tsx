import type { SavedBackup, SavedBackups } from '@core/backups.ts';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { show } from '../dev/render.tsx';
import Backups from './backups.tsx';

const saved = (id: string, more: Partial<SavedBackup> = {}): SavedBackup => ({
  ...{ id, holds: 'data', name: `data-${id}.age`, state: 'done', reason: '', sha256: 'a1' },
  ...{
    bytes: 1_800_000,
    rows: 2,
    files: 1,
    begun_at: '2026-11-20T10:00:00Z',
    done_at: '2026-11-20T10:01:00Z',
  },
  ...{ ends_at: '2027-02-17T10:00:00Z', gone_at: null },
  ...more,
});

const serve = (answer: Partial<SavedBackups>) =>
  vi.stubGlobal(
    'fetch',
    async () => new Response(JSON.stringify({ items: [], next: '', on: true, behind: [], ...answer })),
  );

test('what is there is listed with size and end, what is missing is said, what is gone on wish', async () => {
  serve({
    items: [
      saved('4'),
      saved('3', { state: 'failed', reason: 'the disk is full', done_at: null }),
      saved('2', { holds: 'keys', state: 'gone', gone_at: '2026-11-19T10:00:00Z' }),
    ],
    behind: ['keys'],
  });
  await show(<Backups />);
  const list = await screen.findByRole('list', { name: 'Backups' });
  expect(within(list).getAllByRole('listitem')).toHaveLength(2);
  within(list).getByText('1.8 MB · 2 rows · 1 file · kept until 17 Feb 2027');
  within(list).getByText('Why: the disk is full');
  screen.getByText(/^No whole backup of the keys was made in the last two days/);
  expect(screen.getByText('none').className).toContain('text-bad');
  await userEvent.click(screen.getByRole('radio', { name: 'All' }));
  await within(list).findByText(/deleted 19 Nov 2026$/);
});

test('an install without a recovery key says that nothing is saved, and how to begin', async () => {
  serve({ on: false, behind: ['data', 'keys'] });
  await show(<Backups />);
  await screen.findByText(/^This install is not backed up/);
  screen.getByText('Nothing was saved so far');
  for (const words of ['parley backup key FILE', 'PARLEY_RECOVERY_KEY', 'PARLEY_BACKUPS', 'parley backup']) {
    screen.getByText(words);
  }
});

test('where all is well, nothing is missing, and the first is said to come', async () => {
  serve({});
  await show(<Backups />);
  await screen.findByText('The next one is made within the hour.');
  expect(screen.queryByRole('status')).toBeNull();
});
