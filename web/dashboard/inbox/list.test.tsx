import type { Roving } from '@core/roving.ts';
import type { Conversation } from '@core/types.ts';
import { fireEvent, screen } from '@testing-library/react';
import { useState } from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { conversations, many, show } from '../dev/render.tsx';
import { ConversationList } from './list.tsx';

function Host({
  items,
  onOpen = () => {},
  start = '',
}: {
  items: Conversation[];
  onOpen?: (id: string) => void;
  start?: string;
}) {
  const [roving, setRoving] = useState<Roving>({ cursor: start, ticked: new Set() });
  return (
    <ConversationList
      rows={{ items, isPending: false, error: null, hasMore: false, loadMore: () => {}, reload: () => {} }}
      view="needs_you"
      search=""
      openId={start}
      roving={roving}
      setRoving={setRoving}
      onOpen={onOpen}
    />
  );
}

describe('ConversationList', () => {
  beforeEach(() => {
    // jsdom lays nothing out; the list needs a height to know what is in sight.
    vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(800);
    vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(800);
    vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(336);
    HTMLElement.prototype.scrollTo ??= () => {};
  });

  it('holds ten thousand rows with only those in sight in the page', async () => {
    const { container } = await show(<Host items={many(10_000)} start="none" />);
    expect(container.querySelectorAll('[role=option]').length).toBeLessThan(40);
    expect(container.querySelectorAll('[role=option]').length).toBeGreaterThan(4);
  });

  it('names a row as the active one only while it is in the page', async () => {
    const items = many(500);
    const { container } = await show(<Host items={items} start={items[0]?.id} />);
    const box = screen.getByRole('listbox');
    expect(box.getAttribute('aria-activedescendant')).toBe(`row-${items[0]?.id}`);
    fireEvent.keyDown(box, { key: 'End' });
    const active = box.getAttribute('aria-activedescendant');
    if (active) expect(container.querySelector(`#${active}`)).not.toBeNull();
  });

  it('says why each conversation is there and opens the one clicked', async () => {
    const onOpen = vi.fn();
    await show(<Host items={conversations.slice(0, 4)} onOpen={onOpen} />);
    expect(screen.getAllByText('Draft ready')).toHaveLength(2);
    expect(screen.getByText('Asked for a person')).toBeTruthy();
    fireEvent.click(screen.getByText('Marcus Chen'));
    expect(onOpen).toHaveBeenCalledWith(conversations[1]?.id);
  });

  it('tells what an empty view means', async () => {
    await show(<Host items={[]} />);
    expect(screen.getByText('Nothing needs you')).toBeTruthy();
  });
});
