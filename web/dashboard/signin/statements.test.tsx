import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { show } from '../dev/render.tsx';
import { Statements, ticked } from './statements.tsx';

const asks = ['age_business', 'privacy'].map((what) => ({
  what,
  version: '2026-11-22',
  text: `About ${what}`,
}));

test('no box is ticked for anybody, every one is needed, and what was read is named', async () => {
  await show(
    <form>
      <Statements asks={asks} />
    </form>,
  );
  const boxes = screen.getAllByRole<HTMLInputElement>('checkbox');
  expect(boxes.map((b) => [b.checked, b.required])).toEqual(asks.map(() => [false, true]));
  const now = () => ticked(new FormData(boxes[0]?.form ?? undefined), asks);
  expect(now()).toEqual([]);
  await userEvent.click(screen.getByText('About privacy'));
  expect(now()).toEqual([{ what: 'privacy', version: '2026-11-22' }]);
});
