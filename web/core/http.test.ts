import { afterEach, expect, test, vi } from 'vitest';
import { onHeld, onProof, request } from './http.ts';

afterEach(() => {
  onProof(undefined);
  vi.unstubAllGlobals();
});

const refusal = (code: string) => new Response(JSON.stringify({ code, title: code }), { status: 403 });

/** Answers what is asked in turn; the last answer stands for all that follow. */
function answers(...list: (() => Response)[]) {
  const asked = vi.fn(async () => ((list.length > 1 ? list.shift() : list[0]) as () => Response)());
  vi.stubGlobal('fetch', asked);
  return asked;
}

test('an act that asks for a proof is done after it, once', async () => {
  const asked = answers(
    () => refusal('reauthentication_required'),
    () => new Response('{"ok":true}'),
  );
  const prove = vi.fn(async () => true);
  onProof(prove);
  expect(await request('/keys', { method: 'POST', json: { name: 'x' } })).toEqual({ ok: true });
  expect(prove).toHaveBeenCalledTimes(1);
  expect(asked).toHaveBeenCalledTimes(2);
});

test('who does not prove it reads why nothing was done', async () => {
  const asked = answers(() => refusal('reauthentication_required'));
  onProof(async () => false);
  await expect(request('/keys')).rejects.toMatchObject({ code: 'reauthentication_required' });
  expect(asked).toHaveBeenCalledTimes(1);
});

test('a proof that is not enough is not asked for again and again', async () => {
  const asked = answers(() => refusal('reauthentication_required'));
  onProof(async () => true);
  await expect(request('/keys')).rejects.toMatchObject({ code: 'reauthentication_required' });
  expect(asked).toHaveBeenCalledTimes(2);
});

test('two acts at once ask one question', async () => {
  answers(
    () => refusal('reauthentication_required'),
    () => refusal('reauthentication_required'),
    () => new Response('{}'),
  );
  let say = (_: boolean) => {};
  const prove = vi.fn(() => new Promise<boolean>((done) => (say = done)));
  onProof(prove);
  const both = Promise.all([request('/keys'), request('/members')]);
  await vi.waitFor(() => expect(prove).toHaveBeenCalled());
  await new Promise(process.nextTick);
  say(true);
  await both;
  expect(prove).toHaveBeenCalledTimes(1);
});

test('a sign-in that is not finished and a suspended workspace are said to the screens', async () => {
  answers(() => refusal('second_factor_required'));
  const owed = vi.fn();
  onHeld(owed);
  await expect(request('/conversations')).rejects.toMatchObject({ code: 'second_factor_required' });
  expect(owed).toHaveBeenLastCalledWith('/second-step');
  answers(() => refusal('workspace_suspended'));
  await expect(request('/conversations')).rejects.toMatchObject({ code: 'workspace_suspended' });
  expect(owed).toHaveBeenLastCalledWith('/suspended');
});
