import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
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
