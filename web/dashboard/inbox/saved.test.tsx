import { key } from '@core/merge.ts';
import type { SavedReply } from '@core/types.ts';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useRef, useState } from 'react';
import { expect, test, vi } from 'vitest';
import { conversations, show } from '../dev/render.tsx';
import { Composer, type ComposerHandle } from './composer.tsx';
import SavedPicker from './saved.tsx';

const saved = (id: string, part: Partial<SavedReply>): SavedReply => ({
  id,
  name: `reply ${id}`,
  body: 'text',
  language: '',
  label: '',
  close: false,
  answers: false,
  created_at: '2026-11-01T10:00:00Z',
  updated_at: '2026-11-01T10:00:00Z',
  ...part,
});

const all = [
  saved('1', { name: 'Teslimat', body: 'Kargo iki gün sürer.', language: 'tr' }),
  saved('2', { name: 'Hours', body: 'Hello {{contact.name}}, {{business}} opens at 9.', language: 'en' }),
  saved('3', { name: 'Goodbye', body: 'Bye {{contact.name}}', label: 'done', close: true }),
];

function Host({ name }: { name: string }) {
  const composer = useRef<ComposerHandle>(null);
  const [open, setOpen] = useState(true);
  const first = conversations[1] as (typeof conversations)[0];
  const c = { ...first, language: 'en', contact: { ...first.contact, name } };
  return (
    <>
      <Composer ref={composer} c={c} kind="text" onKind={() => {}} onSaved={() => {}} onSent={() => {}} />
      {open ? (
        <SavedPicker
          c={c}
          onClose={() => setOpen(false)}
          onPick={(text, s) => {
            setOpen(false);
            requestAnimationFrame(() => composer.current?.insert(text, s.close));
          }}
        />
      ) : null}
    </>
  );
}

async function look(name: string) {
  vi.stubGlobal('fetch', (url: string) =>
    // What is sent stays on its way, where the test can look at it.
    url.includes('saved-replies')
      ? Promise.resolve(new Response(JSON.stringify({ items: all, next: '' })))
      : new Promise(() => {}),
  );
  const shown = await show(<Host name={name} />);
  await shown.client.refetchQueries({ queryKey: key.saved });
  await screen.findByText('Goodbye');
  return shown;
}

const field = () => screen.getByRole('textbox', { hidden: true }) as HTMLTextAreaElement;

test('is found by its words, the language of the conversation first, and Enter puts it in filled', async () => {
  const user = userEvent.setup();
  await look('Ayşe');
  expect(screen.getAllByRole('option').map((o) => o.textContent?.slice(0, 5))).toEqual([
    'Hours',
    'Goodb',
    'Tesli',
  ]);
  await user.keyboard('opens');
  expect(screen.getAllByRole('option')).toHaveLength(1);
  await user.keyboard('{Enter}');
  await vi.waitFor(() => expect(field().value).toBe('Hello Ayşe, Northwind Goods opens at 9.'));
  expect(document.activeElement).toBe(field());
});

test('a gap is marked, selected, and nothing is sent before it is filled; then it closes too', async () => {
  const user = userEvent.setup();
  const { live } = await look('');
  await user.keyboard('bye{Enter}');
  await vi.waitFor(() => expect(field().value).toBe('Bye ‹contact’s name›'));
  await user.keyboard('{Control>}{Enter}{/Control}');
  expect(live.outbox.snapshot()).toEqual([]);
  expect(screen.getByText(/Fill in what stands/)).toBeTruthy();
  expect(field().value.slice(field().selectionStart, field().selectionEnd)).toBe('‹contact’s name›');
  await user.keyboard('Can');
  await user.keyboard('{Control>}{Enter}{/Control}');
  expect(live.outbox.snapshot()[0]).toMatchObject({ body: 'Bye Can', close: true });
});

test('says so when nothing fits, and Esc leaves the text alone', async () => {
  const user = userEvent.setup();
  await look('Ayşe');
  await user.keyboard('zzz');
  expect(screen.getByText('Nothing found')).toBeTruthy();
  await user.keyboard('{Escape}');
  expect(screen.queryByRole('option')).toBeNull();
  expect(field().value).toBe('');
});
