import { fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { kinds } from '../dev/kinds.mjs';
import { conversations, show } from '../dev/render.tsx';
import { Composer, type Kind } from './composer.tsx';

const c = {
  ...conversations[1],
  skills: { ...conversations[1]?.skills, text_limit: 20 },
} as (typeof conversations)[0];

function Host({ draft, onSent = () => {} }: { draft?: { id: string; body: string }; onSent?: () => void }) {
  const [kind, setKind] = useState<Kind>('text');
  return (
    <Composer
      c={c}
      kind={kind}
      onKind={setKind}
      draft={draft}
      onLeaveDraft={() => {}}
      onSaved={() => {}}
      onSent={onSent}
    />
  );
}

const field = () => screen.getByRole('textbox');

describe('Composer', () => {
  beforeEach(() => {
    vi.stubGlobal(
      'fetch',
      vi.fn(() => new Promise(() => {})),
    );
  });

  it('sends with Ctrl Enter, sends and closes with Ctrl Shift Enter, and empties itself', async () => {
    const user = userEvent.setup();
    const { live } = await show(<Host />);
    await user.type(field(), 'Hello');
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(live.outbox.snapshot()[0]).toMatchObject({ body: 'Hello', kind: 'text', close: false });
    expect(field()).toHaveProperty('value', '');
    await user.type(field(), 'Bye');
    await user.keyboard('{Control>}{Shift>}{Enter}{/Shift}{/Control}');
    expect(live.outbox.snapshot()[1]).toMatchObject({ body: 'Bye', close: true });
  });

  it('does not send an empty text, nor one over the limit of the channel', async () => {
    const user = userEvent.setup();
    const { live } = await show(<Host />);
    await user.type(field(), '   ');
    await user.keyboard('{Control>}{Enter}{/Control}');
    await user.clear(field());
    await user.type(field(), 'This is longer than twenty');
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(live.outbox.snapshot()).toEqual([]);
    expect(screen.getByText('-6')).toBeTruthy();
    expect(field().getAttribute('aria-invalid')).toBe('true');
  });

  it('keeps note and reply apart, and a note never closes or tells the contact somebody types', async () => {
    const user = userEvent.setup();
    const { live } = await show(<Host />);
    await user.type(field(), 'reply');
    vi.mocked(fetch).mockClear();
    await user.click(screen.getByRole('button', { name: 'Note' }));
    expect(field()).toHaveProperty('value', '');
    await user.type(field(), 'secret');
    expect(fetch).not.toHaveBeenCalled();
    await user.keyboard('{Control>}{Shift>}{Enter}{/Shift}{/Control}');
    expect(live.outbox.snapshot()[0]).toMatchObject({ body: 'secret', kind: 'note', close: false });
    await user.click(screen.getByRole('button', { name: 'Reply' }));
    expect(field()).toHaveProperty('value', 'reply');
  });

  it('starts from the draft it edits and names it when sending', async () => {
    const user = userEvent.setup();
    const { live } = await show(<Host draft={{ id: 'd1', body: 'Yes' }} />);
    await user.type(field(), '!');
    await user.keyboard('{Meta>}{Enter}{/Meta}');
    expect(live.outbox.snapshot()[0]).toMatchObject({ body: 'Yes!', draft_id: 'd1' });
  });
});

describe('Composer with files and a window', () => {
  const open = kinds as unknown as typeof c;
  const part = (more: object) => ({ ...open, ...more }) as typeof c;
  const look = (one: typeof c) =>
    show(<Composer c={one} kind="text" onKind={() => {}} onSaved={() => {}} onSent={() => {}} />);
  const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

  it('takes files by paste, says why one is not taken, and sends the others without words', async () => {
    const user = userEvent.setup();
    const { live } = await look(open);
    URL.createObjectURL = () => 'blob:x';
    vi.spyOn(live.uploads as unknown as { send: () => Promise<unknown> }, 'send').mockResolvedValue({
      id: '77',
    });
    await user.click(field());
    const files = [
      new File(['x'], 'a.png', { type: 'image/png' }),
      new File(['x'], 'b.heic', { type: 'image/heic' }),
    ];
    const clipboardData = { files, getData: () => '', types: ['Files'] };
    fireEvent.paste(field(), { clipboardData });
    expect(await screen.findByText('This channel does not take this format.')).toBeTruthy();
    await vi.waitFor(() => expect(live.uploads.snapshot()[0]?.state).toBe('ready'));
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(live.outbox.snapshot()[0]).toMatchObject({ body: '', files: [{ id: '77', name: 'a.png' }] });
    expect(live.uploads.snapshot()).toEqual([]);
  });

  it('takes no file where the channel takes none', async () => {
    await look(part({ skills: { ...open.skills, files: [] } }));
    expect(screen.queryByRole('button', { name: 'Attach files' })).toBeNull();
  });

  it('says before any try that the window is over, and what is possible instead', async () => {
    await look(part({ window_until: ago(1), member_until: null }));
    expect(screen.getByText(/24 hours after the person’s last message ended/)).toBeTruthy();
    expect(screen.queryByRole('textbox')).toBeNull();
    expect(screen.queryByRole('button', { name: /^Send/ })).toBeNull();
  });

  it('lets a person write where the channel lets people answer later', async () => {
    await look(part({ window_until: ago(1), member_until: ago(-100) }));
    expect(screen.getByText(/A person may still answer until/)).toBeTruthy();
    expect(field()).toBeTruthy();
  });
});
