import { key } from '@core/merge.ts';
import type { Conversation, Event, Message } from '@core/types.ts';
import { InfiniteQueryObserver } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import { conversations, me } from '../dev/render.tsx';
import { Live } from './live.ts';
import { makeClient } from './queries.ts';

test('nothing of an erased person stays in the browser', () => {
  const client = makeClient();
  const live = new Live(client, me);
  const [c, other] = conversations as [Conversation, Conversation];
  const page = (items: unknown[]) => ({ pages: [{ items, next: '' }], pageParams: [''] });
  client.setQueryData(key.list('all', ''), page([c, other]));
  client.setQueryData(key.conversation(c.id), c);
  client.setQueryData(key.messages(c.id), page([{ id: 'm', body: 'secret' } as Message]));
  client.setQueryData(key.drafts(c.id), [{ id: 'd' }]);
  client.setQueryData(key.contact(c.contact.id), c.contact);
  client.setQueryData(key.conversation(other.id), other);
  for (const place of [`text/${c.id}`, `note/${c.id}`, 'draft/d', `text/${other.id}`])
    live.unsent.set(place, 'x');
  live.forget(c.contact.id);
  expect(client.getQueryData(key.list('all', ''))).toEqual(page([other]));
  for (const at of [
    key.conversation(c.id),
    key.messages(c.id),
    key.drafts(c.id),
    key.contact(c.contact.id),
  ]) {
    expect(client.getQueryData(at), at.join('/')).toBeUndefined();
  }
  expect([...live.unsent.keys()]).toEqual([`text/${other.id}`]);
  expect(client.getQueryData(key.conversation(other.id))).toEqual(other);
});

test('an answer that left before an event does not cover what the event told', async () => {
  const client = makeClient();
  const live = new Live(client, me);
  const [c] = conversations as [Conversation];
  const message = { id: 'm9', conversation_id: c.id, seq: 9, place: 9, body: 'new' } as unknown as Message;
  let release = (_: unknown) => {};
  const slow = new Promise((done) => {
    release = done;
  });
  const none = { items: [], next: '' };
  const ask = vi
    .fn()
    .mockReturnValueOnce(slow)
    .mockResolvedValue({ items: [message], next: '' });
  const shown = new InfiniteQueryObserver(client, {
    queryKey: key.messages(c.id),
    queryFn: ask,
    initialPageParam: '',
    getNextPageParam: () => undefined,
  });
  const close = shown.subscribe(() => {});
  const event = { no: 1, kind: 'message.new', conversation_id: c.id, message } as unknown as Event;
  (live as unknown as { take(ev: Event): void }).take(event);
  release(none);
  await vi.waitFor(() => expect(shown.getCurrentResult().data?.pages[0]).toMatchObject({ items: [message] }));
  expect(ask).toHaveBeenCalledTimes(2);
  close();
});

test('of a deleted conversation nothing stays, and everything of the others of its person', () => {
  const client = makeClient();
  const live = new Live(client, me);
  const [c, other] = conversations as [Conversation, Conversation];
  client.setQueryData(key.list('all', ''), { pages: [{ items: [c, other], next: '' }], pageParams: [''] });
  client.setQueryData(key.conversation(c.id), c);
  client.setQueryData(key.drafts(c.id), [{ id: 'd' }]);
  client.setQueryData(key.contact(c.contact.id), c.contact);
  for (const place of [`text/${c.id}`, 'draft/d', `text/${other.id}`]) live.unsent.set(place, 'x');
  live.forgetTalk(c.id);
  expect(client.getQueryData(key.list('all', ''))).toMatchObject({ pages: [{ items: [other] }] });
  expect(client.getQueryData(key.conversation(c.id))).toBeUndefined();
  expect(client.getQueryData(key.drafts(c.id))).toBeUndefined();
  expect(client.getQueryData(key.contact(c.contact.id))).toEqual(c.contact);
  expect([...live.unsent.keys()]).toEqual([`text/${other.id}`]);
});
