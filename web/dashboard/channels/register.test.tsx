import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { show } from '../dev/render.tsx';
import Register from './register.tsx';

test('takes six digits and nothing else, says what is wrong with them, and hands them on once', async () => {
  const user = userEvent.setup();
  const server = vi.fn<typeof fetch>();
  vi.stubGlobal('fetch', server);
  const done = vi.fn();
  await show(<Register id="7" onDone={done} onClose={() => {}} />);
  const field = (await screen.findByLabelText('PIN of the number')) as HTMLInputElement;
  const run = screen.getByRole('button', { name: 'Register' }) as HTMLButtonElement;
  await user.type(field, '12a34');
  expect(field.value).toBe('1234');
  expect(run.disabled).toBe(true);
  await user.type(field, '5678');
  expect(field.value).toBe('123456');
  server.mockResolvedValueOnce(
    new Response(
      JSON.stringify({
        status: 403,
        code: 'pin_wrong',
        detail: 'The PIN is wrong.',
        errors: [{ location: 'body.pin', message: 'x' }],
      }),
      { status: 403, headers: { 'Content-Type': 'application/problem+json' } },
    ),
  );
  await user.click(run);
  await waitFor(() => expect(field.getAttribute('aria-invalid')).toBe('true'));
  expect(done).not.toHaveBeenCalled();
  server.mockResolvedValueOnce(new Response(null, { status: 204 }));
  await user.click(run);
  await waitFor(() => expect(done).toHaveBeenCalledOnce());
  expect(String(server.mock.calls[1]?.[0])).toMatch(/\/channels\/7\/register$/);
  expect(JSON.parse(String(server.mock.calls[1]?.[1]?.body))).toEqual({ pin: '123456' });
});
