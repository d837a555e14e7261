import { describe, expect, it, vi } from 'vitest';
import type { Start, Up } from '../wire.ts';
import { type Call, Refused } from './call.ts';
import { Visit } from './visit.ts';
import type { Boot, Heard, Message, Session } from './wire.ts';

const page = { url: 'https://shop.example/coats', referrer: 'https://search.example/' };
const nowhere = { url: '', referrer: '' };
const start: Start = {
  parley: 'start',
  consent: 'unknown',
  ask: false,
  open: true,
  token: '',
  page: nowhere,
};

const empty: Omit<Session, 'token'> = {
  visitor: { known: false },
  conversation: { state: 'none', owner: { kind: 'ai', name: '' } },
  messages: [],
  no: '5',
  shut: false,
};

type Asked = { path: string; body: Record<string, unknown>; token: string | undefined };

/** A visit against a server that answers by hand; its stream says what `hear` is told. */
function setUp(part: Partial<Start> = {}, answer: (a: Asked) => unknown = () => undefined) {
  const asked: Asked[] = [];
  const told: Up[] = [];
  let tokens = 0;
  const session = (): Session => ({ ...empty, token: `t${++tokens}` });
  const call: Call = async <T>(path: string, body: unknown, token?: string) => {
    const a = { path, body: JSON.parse(JSON.stringify(body)) as Asked['body'], token };
    asked.push(a);
    const given = answer(a);
    if (given instanceof Error) throw given;
    if (given) return given as T;
    return (path === 'session' ? session() : path === 'consent' ? { token: `t${++tokens}` } : {}) as T;
  };
  let hear: (h: Heard) => void = () => {};
  const stream = new ReadableStream<Uint8Array>({
    start(c) {
      hear = (h) =>
        c.enqueue(
          new TextEncoder().encode(`id: ${h.id}\nevent: ${h.event}\ndata: ${JSON.stringify(h.data)}\n\n`),
        );
    },
  });
  const visit = new Visit(
    { ...start, ...part },
    {
      boot: { key: 'pk_1', boot_token: 'boot' } as Boot,
      call,
      host: { tell: (m) => void told.push(m), framed: true },
      locale: () => 'en',
      changed: () => {},
      fetch: (async () => new Response(stream)) as unknown as typeof fetch,
      random: () => 0,
      now: () => 0,
      wait: () => new Promise(() => {}),
    },
  );
  const of = (path: string) => asked.filter((a) => a.path === path);
  return { visit, asked, told, of, hear: (h: Heard) => hear(h) };
}

const message = (seq: number, part: Partial<Message>): Message => ({
  id: `m${seq}`,
  seq,
  direction: 'out',
  author: { kind: 'ai', name: '' },
  body: `${seq}`,
  at: '2026-11-22T10:00:00.000Z',
  status: 'sent',
  buttons: [],
  ...part,
});

describe('consent', () => {
  it('unknown: the chat works and the server hears nothing of the page (covers A-16.2-01)', async () => {
    const s = setUp();
    await s.visit.begin();
    s.visit.say('Hello');
    await vi.waitFor(() => expect(s.of('messages')).toHaveLength(1));
    expect(s.of('session')[0]?.body).toEqual({ boot_token: 'boot', consent: 'unknown', locale: 'en' });
    expect(s.of('messages')[0]?.token).toBe('t1');
    expect(s.told.filter((m) => m.t === 'consent')).toEqual([]);
  });

  it('granted before anything was said: the visit begins anew under it', async () => {
    const s = setUp({ ask: true });
    await s.visit.begin();
    s.visit.decide('granted');
    expect(s.told.at(-1)).toEqual({ t: 'consent', consent: 'granted' });
    s.visit.down({ t: 'consent', consent: 'granted', token: '', page });
    await vi.waitFor(() => expect(s.of('session')).toHaveLength(2));
    expect(s.of('session')[1]?.body).toMatchObject({ consent: 'granted', page_url: page.url });
    expect(s.of('consent')).toEqual([]);
    expect(s.visit.ask).toBe(false);
  });

  it('answered before the visit stands: what is said then still leaves', async () => {
    let stands = () => {};
    const first = new Promise<Session>((resolve) => {
      stands = () => resolve({ ...empty, token: 'first' });
    });
    let sessions = 0;
    const s = setUp({ ask: true }, (a) => (a.path === 'session' && ++sessions === 1 ? first : undefined));
    void s.visit.begin();
    s.visit.down({ t: 'consent', consent: 'refused', token: '', page: nowhere });
    stands();
    await vi.waitFor(() => expect(s.of('session')).toHaveLength(2));
    s.visit.say('Hello');
    await vi.waitFor(() => expect(s.of('messages')).toHaveLength(1));
    expect(s.of('session').map((a) => a.body.consent)).toEqual(['unknown', 'refused']);
    expect(s.of('messages')[0]?.token).toBe('t1');
  });

  it('granted in the middle of a chat: the chat stays, the token changes', async () => {
    const s = setUp();
    await s.visit.begin();
    s.visit.say('Hello');
    s.visit.down({ t: 'consent', consent: 'granted', token: '', page });
    await vi.waitFor(() => expect(s.told.at(-1)).toEqual({ t: 'token', token: 't2' }));
    expect(s.of('consent')[0]?.body).toMatchObject({ state: 'granted', page_url: page.url });
    expect(s.of('session')).toHaveLength(1);
  });

  it('withdrawn: the server is told so, and nothing of the page with it', async () => {
    const s = setUp({ consent: 'granted', page });
    await s.visit.begin();
    s.visit.say('Hello');
    s.visit.down({ t: 'consent', consent: 'refused', token: '', page: nowhere });
    await vi.waitFor(() => expect(s.of('consent')).toHaveLength(1));
    expect(s.of('consent')[0]?.body).toEqual({ state: 'withdrawn', locale: 'en' });
  });

  it('refused: our card is answered and asks no more', async () => {
    const s = setUp({ ask: true });
    await s.visit.begin();
    s.visit.down({ t: 'consent', consent: 'refused', token: '', page: nowhere });
    expect([s.visit.ask, s.visit.consent]).toEqual([false, 'refused']);
  });

  it('a kept token is taken up again', async () => {
    const s = setUp({ consent: 'granted', token: 'kept', page });
    await s.visit.begin();
    expect(s.of('session')[0]?.body.token).toBe('kept');
  });
});

describe('messages', () => {
  it('one’s own message is shown once: waiting first, then as the stream has it', async () => {
    const s = setUp();
    await s.visit.begin();
    s.visit.say('Hello');
    const id = s.visit.outbox.items[0]?.id;
    await vi.waitFor(() => expect(s.visit.outbox.items[0]?.state).toBe('sent'));
    const own = message(1, { direction: 'in', author: { kind: 'contact', name: '' }, client_id: id });
    s.hear({ id: '6', event: 'message', data: own });
    await vi.waitFor(() => expect(s.visit.messages).toHaveLength(1));
    expect(s.visit.outbox.items).toEqual([]);
    s.hear({ id: '7', event: 'message', data: { ...own, status: 'read' } });
    s.hear({ id: '8', event: 'message', data: message(2, {}) });
    await vi.waitFor(() => expect(s.visit.messages.map((m) => m.status)).toEqual(['read', 'sent']));
  });

  it('the AI’s answer ends its typing mark, also before the post has returned', async () => {
    let answered = () => {};
    const held = new Promise<object>((resolve) => {
      answered = () => resolve({});
    });
    const s = setUp({}, (a) => (a.path === 'messages' ? held : undefined));
    await s.visit.begin();
    s.visit.say('Hello');
    expect(s.visit.thinking).toBe(true);
    s.hear({ id: '6', event: 'message', data: message(2, {}) });
    await vi.waitFor(() => expect(s.visit.thinking).toBe(false));
    answered();
    await vi.waitFor(() => expect(s.visit.outbox.items[0]?.state).toBe('sent'));
    expect(s.visit.thinking).toBe(false);
  });

  it('what arrives while the chat is closed is unread until it opens', async () => {
    const s = setUp({ open: false });
    await s.visit.begin();
    s.visit.say('Hello');
    s.hear({ id: '6', event: 'message', data: message(2, {}) });
    await vi.waitFor(() => expect(s.told.at(-1)).toEqual({ t: 'unread', count: 1 }));
    s.visit.down({ t: 'open' });
    expect(s.told.at(-1)).toEqual({ t: 'unread', count: 0 });
    await vi.waitFor(() => expect(s.of('receipts').at(-1)?.body).toEqual({ delivered: 2, read: 2 }));
  });
});

describe('a visit that is over', () => {
  const over = new Refused(401, 'visit_over');

  it('asks the loader for a fresh page', async () => {
    const s = setUp({}, () => over);
    await s.visit.begin();
    expect([s.visit.phase, s.told]).toEqual(['over', [{ t: 'over' }]]);
  });

  it('keeps what waits to be sent, and leaves it to the visitor', async () => {
    const s = setUp({}, () => over);
    s.visit.say('Hello');
    await s.visit.begin();
    expect([s.visit.phase, s.told]).toEqual(['over', []]);
    s.visit.reload();
    expect(s.told).toEqual([{ t: 'over', asked: true }]);
  });
});

describe('closed by whoever runs the install', () => {
  const typed = (s: ReturnType<typeof setUp>) =>
    s.visit.outbox.items.map((x) => [x.body.body, x.state, x.code]);

  it('a message is refused, its text stays, nobody seems to type, and the end comes live', async () => {
    let shut = true;
    const s = setUp({}, (a) => (shut && a.path === 'messages' ? new Refused(409, 'chat_shut') : undefined));
    await s.visit.begin();
    expect(s.visit.shut).toBe(false);
    s.visit.say('Hello');
    await vi.waitFor(() => expect(typed(s)).toEqual([['Hello', 'failed', 'chat_shut']]));
    expect(s.visit.shut).toBe(true);
    expect(s.visit.thinking).toBe(false);
    shut = false;
    s.hear({ event: 'shut', id: '6', data: { shut: false } });
    await vi.waitFor(() => expect(s.visit.shut).toBe(false));
    s.visit.outbox.retry(s.visit.outbox.items[0]?.id ?? '');
    await vi.waitFor(() => expect(typed(s)).toEqual([['Hello', 'sent', '']]));
  });

  it('a visit that begins while it is closed hears of the end before anything is said', async () => {
    const s = setUp({}, (a) => (a.path === 'session' ? { ...empty, token: 't1', shut: true } : undefined));
    await s.visit.begin();
    expect(s.visit.shut).toBe(true);
    s.hear({ event: 'shut', id: '6', data: { shut: false } });
    await vi.waitFor(() => expect(s.visit.shut).toBe(false));
  });
});
