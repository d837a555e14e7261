import { Problem } from '@core/problem.ts';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { show } from '../dev/render.tsx';
import { ProofForm, type Way } from './form.tsx';

async function ask(ways: Way[], onShow = vi.fn(async () => {})) {
  await show(<ProofForm ways={ways} email="a@x.example" leave="Cancel" onLeave={() => {}} onShow={onShow} />);
  return onShow;
}

async function fill(label: string, text: string) {
  await userEvent.click(screen.getByLabelText(label));
  await userEvent.paste(text);
  await userEvent.keyboard('{Enter}');
}

test('asks for what comes first, and for another by a press', async () => {
  const onShow = await ask(['code', 'recovery', 'password']);
  await fill('Code', '123 456');
  expect(onShow).toHaveBeenLastCalledWith({ way: 'code', text: '123 456' });
  await userEvent.click(screen.getByRole('button', { name: 'A recovery code' }));
  expect(document.activeElement).toBe(screen.getByLabelText('Recovery code'));
  await fill('Recovery code', 'h4kq-9w2m');
  expect(onShow).toHaveBeenLastCalledWith({ way: 'recovery', text: 'h4kq-9w2m' });
});

test('where the browser keeps no passkeys it offers none', async () => {
  await ask(['passkey', 'password']);
  expect(screen.getByLabelText('Password')).toBeTruthy();
  expect(screen.queryByText('A passkey')).toBeNull();
});

test('says what the server says against it', async () => {
  await ask(
    ['code'],
    vi.fn(async () => {
      throw new Problem(401, { code: 'code_wrong', title: 'That code is not right.' });
    }),
  );
  await fill('Code', '111111');
  expect((await screen.findByRole('alert')).textContent).toContain('That code is not right.');
});
