import type { Message } from '@core/types.ts';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { everyKind, kinds } from '../dev/kinds.mjs';
import { show } from '../dev/render.tsx';
import { MessageItem } from './message.tsx';

const all = everyKind as unknown as Message[];
const c = kinds as unknown as Parameters<typeof MessageItem>[0]['c'];
const of = (test: (m: Message) => unknown) => all.find(test) as Message;

async function look(m: Message) {
  const did = { onRetry: vi.fn(), onCopy: vi.fn(), onJump: vi.fn(), onAnswer: vi.fn() };
  await show(<MessageItem m={m} c={c} first={false} {...did} />);
  return did;
}

describe('a message', () => {
  beforeEach(() => {
    vi.stubGlobal('open', vi.fn());
  });

  it('of each kind says something, whatever it carries', async () => {
    for (const m of all) {
      const view = await show(
        <MessageItem m={m} c={c} first={false} onRetry={() => {}} onCopy={() => {}} onJump={() => {}} />,
      );
      const article = await screen.findByRole('article');
      await vi.waitFor(() => {
        const shown = article.querySelectorAll(
          'img, audio, video, a, p, button, table, [role=status]',
        ).length;
        expect(shown + article.innerText?.length || article.textContent?.length, m.kind).toBeGreaterThan(0);
        expect(
          article.children[1]?.children[1]?.textContent || article.querySelector('img, audio, video'),
          m.kind,
        ).toBeTruthy();
      });
      view.unmount();
    }
  });

  it('opens a place and a link elsewhere without telling where from', async () => {
    for (const m of [of((x) => x.kind === 'location'), of((x) => x.kind === 'share')]) {
      await look(m);
      const links = await screen.findAllByRole('link');
      for (const a of links) {
        expect(a.getAttribute('rel')).toMatch(/noreferrer/);
        expect(a.getAttribute('target')).toBe('_blank');
      }
    }
  });

  it('never links to what is no web address', async () => {
    const m = of((x) => x.kind === 'share');
    const bad = structuredClone(m);
    if (bad.extra?.links[0]) bad.extra.links[0].url = 'javascript:alert(1)';
    await look(bad);
    await screen.findByText('How to wear a scarf');
    expect(screen.queryByRole('link')).toBeNull();
  });

  it('shows an order with its lines and the total the server made', async () => {
    await look(of((x) => x.kind === 'order'));
    const table = await screen.findByRole('table');
    expect(within(table).getByText('3197.90 TRY')).toBeTruthy();
    expect(within(table).getAllByRole('row')).toHaveLength(4);
  });

  it('goes to the message it answers', async () => {
    const did = await look(of((x) => x.quote));
    await userEvent.click(screen.getByRole('button', { name: /Answers.*still available/ }));
    expect(did.onJump).toHaveBeenCalledWith(all[0]?.id);
  });

  it('offers to send again only what can end otherwise', async () => {
    const final = await show(
      <MessageItem
        m={of((x) => x.error?.again === false)}
        c={c}
        first={false}
        onRetry={() => {}}
        onCopy={() => {}}
        onJump={() => {}}
      />,
    );
    expect(screen.getByText(/More than 24 hours/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Send again' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Copy' })).toBeTruthy();
    final.unmount();
    const did = await look(of((x) => x.error?.again === true));
    await userEvent.click(screen.getByRole('button', { name: 'Send again' }));
    expect(did.onRetry).toHaveBeenCalled();
  });

  it('that was taken back says nothing of what it said', async () => {
    await look({ ...of((x) => x.deleted), body: '', extra: null });
    expect(screen.getByText('This message was deleted.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Answer this message' })).toBeNull();
  });

  it('shows who reacted, and who wrote what the business said elsewhere', async () => {
    await look(of((x) => x.reactions[0]?.by === 'contact'));
    expect(screen.getByRole('list', { name: 'Reactions' }).textContent).toBe('👍Elif Yıldız');
    await look(of((x) => x.echo === 'elsewhere'));
    expect(screen.getByText(/from a phone or another inbox/)).toBeTruthy();
    await look(of((x) => x.echo === 'program'));
    expect(screen.getByText('Another program')).toBeTruthy();
    expect(screen.getByText(/app 263902037430900/)).toBeTruthy();
  });

  it('opens a picture large, turns to the next with a key and gives the focus back', async () => {
    await look(of((x) => x.kind === 'image'));
    const thumb = await screen.findByRole('button', { name: 'Open IMG_2031.jpg' });
    await userEvent.click(thumb);
    await screen.findByRole('dialog', { name: 'IMG_2031.jpg' });
    await userEvent.keyboard('{ArrowRight}');
    await screen.findByRole('dialog', { name: 'IMG_2032.jpg' });
    await userEvent.keyboard('{Escape}');
    await vi.waitFor(() => expect(document.activeElement).toBe(thumb));
    expect(screen.getByText('The file is being fetched')).toBeTruthy();
  });
});
