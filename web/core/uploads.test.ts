// @vitest-environment jsdom
import { expect, test, vi } from 'vitest';
import { Problem } from './problem.ts';
import type { Attachment } from './types.ts';
import { mostFiles, taken, Uploads } from './uploads.ts';

const takes = [
  { kind: 'image' as const, types: ['image/jpeg', 'image/png'], max: 100, mute: false },
  { kind: 'file' as const, types: ['application/pdf'], max: 1000, mute: false },
];
const file = (type: string, size = 10) => new File([new Uint8Array(size)], 'a', { type });

URL.createObjectURL = vi.fn(() => 'blob:x');
URL.revokeObjectURL = vi.fn();

test('a file is checked against what the channel takes before anything is sent', () => {
  expect(taken(file('image/png'), takes)).toEqual({ kind: 'image', refusal: null, most: 100 });
  expect(taken(file('image/png', 101), takes).refusal).toBe('size');
  expect(taken(file('image/heic'), takes).refusal).toBe('type');
  expect(taken(file('audio/mpeg'), takes).refusal).toBe('type');
  expect(taken(file('audio/mpeg'), takes.slice(0, 1)).refusal).toBe('kind');
  expect(taken(file('application/pdf; x=1'), takes)).toMatchObject({ kind: 'file', refusal: null });
  expect(taken(file('', 5), takes).refusal).toBe('type');
  expect(taken(file('', 5), [{ kind: 'file', types: [], max: 9, mute: false }]).refusal).toBeNull();
  expect(taken(file('image/png', 0), takes).refusal).toBe('empty');
});

test('goes up with progress, fails alone, is tried again and removed', async () => {
  let end: { done: (a: Attachment) => void; fail: (e: unknown) => void; signal: AbortSignal } | undefined;
  const uploads = new Uploads(
    (_, onProgress, signal) =>
      new Promise((done, fail) => {
        onProgress(0.5);
        end = { done, fail, signal };
      }),
  );
  uploads.add('c', [file('image/png'), file('image/heic')], takes);
  expect(uploads.snapshot()).toMatchObject([
    { state: 'going', part: 0.5, preview: 'blob:x' },
    { state: 'refused', refusal: 'type', preview: '' },
  ]);
  end?.fail(new Problem(507, { code: 'full' }));
  await vi.waitFor(() =>
    expect(uploads.snapshot()[0]).toMatchObject({ state: 'failed', error: { code: 'full' } }),
  );
  uploads.retry(uploads.snapshot()[0]?.key ?? '');
  end?.done({ id: '9' } as Attachment);
  await vi.waitFor(() => expect(uploads.snapshot()[0]).toMatchObject({ state: 'ready', id: '9' }));
  expect(uploads.take('c').map((u) => u.id)).toEqual(['9']);
  expect(uploads.snapshot()).toEqual([]);

  uploads.add('c', [file('image/png')], takes);
  uploads.drop('c');
  expect(end?.signal.aborted).toBe(true);
  expect(URL.revokeObjectURL).toHaveBeenCalledWith('blob:x');
});

test('takes no more files than a message may have', () => {
  const uploads = new Uploads(() => new Promise(() => {}));
  uploads.add(
    'c',
    Array.from({ length: mostFiles + 1 }, () => file('image/png')),
    takes,
  );
  expect(
    uploads
      .snapshot()
      .map((u) => u.refusal)
      .filter(Boolean),
  ).toEqual(['many']);
});
