// @vitest-environment node
import { describe, expect, it } from 'vitest';
import {
  applyEvent,
  type Cache,
  dropContact,
  dropConversation,
  key,
  mergeHead,
  type Paged,
  placeConversation,
  putMessage,
} from './merge.ts';
import type { Conversation, Draft, Event, Message, Page, View } from './types.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 10, minute)).toISOString();

function conversation(id: string, minute: number, more: Partial<Conversation> = {}): Conversation {
  return {
    id,
    contact: { id: `c${id}`, name: id, email: '', phone: '', language: '', anonymous: false },
    channel: { id: '1', kind: 'widget', name: 'Chat' },
    subject: '',
    preview: null,
    state: 'open',
    snoozed_until: null,
    owner: { kind: 'nobody', id: '', name: '' },
    mode: 'draft',
    paused: false,
    needs: [],
    hand_over: null,
    unread: 0,
    labels: [],
    language: '',
    window_until: null,
    member_until: null,
    version: 1,
    created_at: at(0),
    updated_at: at(minute),
    erase_at: null,
    skills: {
      text_limit: 100,
      text_unit: '',
      receipts: true,
      buttons: true,
      typing: true,
      reply_to: true,
      caption: 0,
      files: [],
      templates: false,
    },
    ...more,
  };
}

function message(seq: number, more: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`,
    conversation_id: 'a',
    seq,
    place: seq * 2 ** 20,
    direction: 'in',
    author: { kind: 'contact', id: '', name: '' },
    kind: 'text',
    body: `text ${seq}`,
    attachments: [],
    buttons: [],
    reply_to: '',
    status: 'delivered',
    error: null,
    provider_id: '',
    sent_at: null,
    received_at: null,
    at: at(seq),
    ai: null,
    event: null,
    deleted: false,
    quote: null,
    fallback: '',
    edited: false,
    reactions: [],
    extra: null,
    echo: '',
    ...more,
  };
}

function paged<T>(...pages: T[][]): Paged<T> {
  return {
    pages: pages.map((items, i) => ({ items, next: i < pages.length - 1 ? `p${i + 1}` : '' })),
    pageParams: pages.map((_, i) => (i ? `p${i}` : '')),
  };
}

const ids = (data: Paged<{ id: string }> | undefined) => data?.pages.flatMap((p) => p.items).map((x) => x.id);

class MapCache implements Cache {
  private readonly held = new Map<string, unknown>();
  private readonly open: { view: View; q: string }[];
  constructor(open: { view: View; q: string }[] = []) {
    this.open = open;
  }
  getQueryData = (k: readonly unknown[]) => this.held.get(JSON.stringify(k));
  setQueryData = (k: readonly unknown[], data: unknown) => this.held.set(JSON.stringify(k), data);
  lists = () => this.open.map((o) => ({ ...o, key: key.list(o.view, o.q) }));
}

const event = (no: number, more: Partial<Event> & Pick<Event, 'kind'>): Event => ({
  no,
  at: at(no),
  ...more,
});

describe('putMessage', () => {
  it('puts a new message on top and keeps the pages', () => {
    const next = putMessage(paged([message(3), message(2)], [message(1)]), message(4));
    expect(ids(next)).toEqual(['m4', 'm3', 'm2', 'm1']);
    expect(next?.pages).toHaveLength(2);
  });

  it('files a late message by its place', () => {
    expect(ids(putMessage(paged([message(4), message(2)]), message(3)))).toEqual(['m4', 'm3', 'm2']);
  });

  it('replaces in place, so a receipt never moves or doubles a message', () => {
    const next = putMessage(paged([message(2), message(1)]), message(1, { status: 'read' }));
    expect(ids(next)).toEqual(['m2', 'm1']);
    expect(next?.pages[0]?.items[1]?.status).toBe('read');
  });

  it('leaves out one that is older than what is loaded while more can be loaded', () => {
    const data = paged([message(5)], [message(4)]);
    const more = { ...data, pages: data.pages.map((p) => ({ ...p, next: 'x' })) };
    expect(putMessage(more, message(1))).toBe(more);
  });
});

describe('placeConversation', () => {
  const list = () => paged([conversation('a', 30), conversation('b', 20)], [conversation('c', 10)]);

  it('moves a row to where its newest activity says', () => {
    const next = placeConversation(list(), conversation('c', 40, { version: 2 }), true);
    expect(ids(next)).toEqual(['c', 'a', 'b']);
  });

  it('takes a row out when it has left the view', () => {
    expect(ids(placeConversation(list(), conversation('b', 20, { version: 2 }), false))).toEqual(['a', 'c']);
  });

  it('brings a row in when it belongs', () => {
    expect(ids(placeConversation(list(), conversation('d', 25), true))).toEqual(['a', 'd', 'b', 'c']);
  });

  it('ignores what is older than what is shown', () => {
    const data = paged([conversation('a', 30, { version: 5 })]);
    expect(placeConversation(data, conversation('a', 30, { version: 4 }), false)).toBe(data);
  });

  it('does not bring in a row when only the server can tell', () => {
    expect(ids(placeConversation(list(), conversation('d', 25), undefined))).toEqual(['a', 'b', 'c']);
  });
});

describe('mergeHead', () => {
  const page = (items: Conversation[], next: string): Page<Conversation> => ({ items, next });

  it('keeps the rows below the fresh page and drops those that left it', () => {
    const data = paged([conversation('a', 50), conversation('b', 40)], [conversation('c', 30)]);
    const next = mergeHead(data, page([conversation('x', 60), conversation('a', 50)], 'p1'));
    // b stood above the end of the fresh page only in the old answer; c is below it and stays
    expect(ids(next)).toEqual(['x', 'a', 'b', 'c']);
    const gone = mergeHead(data, page([conversation('b', 40), conversation('z', 35)], 'p1'));
    expect(ids(gone)).toEqual(['b', 'z', 'c']);
  });

  it('is the whole list when there is no next page', () => {
    const data = paged([conversation('a', 50)], [conversation('c', 30)]);
    expect(ids(mergeHead(data, page([conversation('x', 60)], '')))).toEqual(['x']);
  });

  it('never takes back what an event already told', () => {
    const data = paged([conversation('a', 50, { version: 7, state: 'closed' })]);
    const next = mergeHead(data, page([conversation('a', 50, { version: 6 })], ''));
    expect(next?.pages[0]?.items[0]?.version).toBe(7);
  });

  it('leaves a row where an event moved it, when the answer is older', () => {
    const data = paged([conversation('b', 60, { version: 7 }), conversation('a', 50)]);
    const next = mergeHead(data, page([conversation('a', 50), conversation('b', 40, { version: 6 })], ''));
    expect(ids(next)).toEqual(['b', 'a']);
  });
});

const setUp = () => {
  const cache = new MapCache([
    { view: 'needs_you', q: '' },
    { view: 'mine', q: '' },
  ]);
  cache.setQueryData(key.list('needs_you', ''), paged([conversation('a', 10, { needs: ['unanswered'] })]));
  cache.setQueryData(key.list('mine', ''), paged<Conversation>([]));
  cache.setQueryData(key.messages('a'), paged([message(1)]));
  return cache;
};
const rows = (cache: Cache, view: View) => ids(cache.getQueryData(key.list(view, '')) as Paged<Conversation>);

describe('applyEvent', () => {
  it('does not forget, of several members changed in a row, that one of them is oneself', () => {
    const cache = setUp();
    const changed = (who: string) =>
      applyEvent(cache, event(9, { kind: 'member.changed', object_id: who }), 'me');
    expect({ ...changed('me'), ...changed('other') }).toEqual({ members: true, me: true });
    expect(changed('other')).toEqual({ members: true });
  });

  it('counts alarms of the AI again whenever the lab says something', () => {
    const cache = setUp();
    for (const kind of ['lab.alarm', 'lab.changed'] as const)
      expect(applyEvent(cache, event(9, { kind }), 'me')).toEqual({ health: true });
  });

  it('moves a taken-over conversation from one view to another', () => {
    const cache = setUp();
    const c = conversation('a', 11, { version: 2, owner: { kind: 'member', id: 'me', name: 'Me' } });
    applyEvent(
      cache,
      event(1, { kind: 'conversation.changed', conversation_id: 'a', conversation: c }),
      'me',
    );
    expect(rows(cache, 'needs_you')).toEqual([]);
    expect(rows(cache, 'mine')).toEqual(['a']);
  });

  it('gives the same result when an event comes twice', () => {
    const cache = setUp();
    const ev = event(2, {
      kind: 'message.new',
      conversation_id: 'a',
      message: message(2),
      conversation: conversation('a', 12, { version: 2, needs: ['unanswered'] }),
    });
    applyEvent(cache, ev, 'me');
    const once = JSON.stringify(cache.getQueryData(key.messages('a')));
    expect(applyEvent(cache, ev, 'me').heads).toBe(true);
    expect(JSON.stringify(cache.getQueryData(key.messages('a')))).toBe(once);
    expect(rows(cache, 'needs_you')).toEqual(['a']);
  });

  it('empties a message that was unsent and keeps its place', () => {
    const cache = setUp();
    applyEvent(cache, event(3, { kind: 'message.gone', conversation_id: 'a', message_id: 'm1' }), 'me');
    const [m] = (cache.getQueryData(key.messages('a')) as Paged<Message>).pages[0]?.items ?? [];
    expect(m).toMatchObject({ id: 'm1', deleted: true, body: '', ai: null });
  });

  it('shows the newest draft and drops the one that is gone', () => {
    const cache = setUp();
    cache.setQueryData(key.drafts('a'), []);
    const draft = { id: 'd1', conversation_id: 'a' } as Draft;
    applyEvent(cache, event(5, { kind: 'draft.ready', conversation_id: 'a', draft }), 'me');
    expect(cache.getQueryData(key.drafts('a'))).toEqual([draft]);
    applyEvent(cache, event(6, { kind: 'draft.gone', conversation_id: 'a', object_id: 'd1' }), 'me');
    expect(cache.getQueryData(key.drafts('a'))).toEqual([]);
  });

  it('names the source to read anew and the person who is gone', () => {
    const cache = setUp();
    expect(applyEvent(cache, event(7, { kind: 'source.changed', object_id: 's1' }), 'me').reread).toBe('s1');
    const gone = applyEvent(cache, event(8, { kind: 'contact.erased', object_id: 'ca' }), 'me');
    expect(gone).toMatchObject({ erased: 'ca', counts: true });
    const deleted = applyEvent(cache, event(9, { kind: 'conversation.gone', conversation_id: 'a' }), 'me');
    expect(deleted).toMatchObject({ deleted: 'a', heads: true, counts: true });
  });
});

describe('dropContact', () => {
  it('takes every conversation with the person out of every list, and only those', () => {
    const cache = setUp();
    const twice = [conversation('a', 9), conversation('x', 8, { contact: conversation('a', 8).contact })];
    cache.setQueryData(key.list('needs_you', ''), paged(twice, [conversation('b', 7)]));
    cache.setQueryData(key.list('mine', ''), paged([conversation('a', 9)]));
    expect(dropContact(cache, 'ca')).toEqual(['a', 'x']);
    expect(rows(cache, 'needs_you')).toEqual(['b']);
    expect(rows(cache, 'mine')).toEqual([]);
    expect(dropContact(cache, 'ca')).toEqual([]);
  });

  it('takes one conversation out and leaves the others of the same person', () => {
    const cache = setUp();
    const twice = [conversation('a', 9), conversation('x', 8, { contact: conversation('a', 8).contact })];
    cache.setQueryData(key.list('needs_you', ''), paged(twice, [conversation('b', 7)]));
    expect(dropConversation(cache, 'a')).toEqual(['a']);
    expect(rows(cache, 'needs_you')).toEqual(['x', 'b']);
  });
});
