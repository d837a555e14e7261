import { conversations, drafts, events } from '@core/api.ts';
import {
  applyEvent,
  type Cache,
  dropContact,
  dropConversation,
  type FollowUp,
  key,
  mergeHead,
  type Paged,
  putConversation,
  putMessage,
} from '@core/merge.ts';
import { Outbox, type Pending } from '@core/outbox.ts';
import type { Link, StreamHandle } from '@core/stream.ts';
import { browserParts, shareStream } from '@core/tabs.ts';
import type { Conversation, Draft, Event, EventKind, Me, Message, Typing, View } from '@core/types.ts';
import { Uploads } from '@core/uploads.ts';
import type { QueryClient } from '@tanstack/react-query';
import { Box } from './box.ts';

const calm = 400; // ms: many events in a burst cost one request
const typingTime = 8_000;

export type Typist = { name: string; kind: string; until: number };

/** Everything that keeps an open dashboard true: stream, merging, sends that wait. */
export class Live {
  readonly link = new Box<Link>('connecting');
  readonly typing = new Box<Record<string, Typist>>({});
  readonly outbox: Outbox;
  readonly uploads = new Uploads();
  /** What is written and not yet sent, by place; in memory only, like every message text here. */
  readonly unsent = new Map<string, string>();
  private readonly client: QueryClient;
  private readonly me: Me;
  private readonly cache: Cache;
  private stream: StreamHandle | undefined;
  private due: FollowUp = {};
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: QueryClient, me: Me) {
    this.client = client;
    this.me = me;
    this.cache = {
      getQueryData: (k) => client.getQueryData(k),
      setQueryData: (k, data) => client.setQueryData(k, data),
      lists: () =>
        client
          .getQueryCache()
          .findAll({ queryKey: key.lists })
          .map((x) => ({ key: x.queryKey, view: x.queryKey[1] as View, q: x.queryKey[2] as string })),
    };
    this.outbox = new Outbox({
      send: (p) => this.send(p),
      sent: (p, m) => {
        this.putSent(m);
        for (const f of p.files) if (f.preview) URL.revokeObjectURL(f.preview);
      },
    });
  }

  /** Opens the stream; the returned function closes it. */
  start(signedOut: () => void): () => void {
    let known = false;
    this.stream = shareStream(
      this.me.workspace.id,
      {
        event: (ev) => this.take(ev),
        typing: (t) => this.hearTyping(t),
        hello: () => {
          // What was loaded before the stream's first word may lack an event.
          if (!known)
            void this.client.invalidateQueries({
              refetchType: 'active',
              predicate: (x) => x.queryKey[0] === 'messages' || x.queryKey[0] === 'drafts',
            });
          if (!known) this.follow({ heads: true, counts: true });
          known = true;
        },
        reset: () => void this.client.resetQueries({ predicate: (x) => x.queryKey[0] !== 'me' }),
        link: (state) => this.setLink(state),
        signedOut,
      },
      browserParts(replayAll),
    );
    const nudge = () => {
      if (document.visibilityState === 'visible') this.stream?.nudge();
    };
    window.addEventListener('online', nudge);
    document.addEventListener('visibilitychange', nudge);
    return () => {
      window.removeEventListener('online', nudge);
      document.removeEventListener('visibilitychange', nudge);
      clearTimeout(this.timer);
      this.stream?.close();
    };
  }

  /** Lays a conversation the server just answered over every list. */
  put(c: Conversation): void {
    putConversation(this.cache, c, this.me.member.id);
    this.follow({ counts: true });
  }

  /** Shows what was just sent, unless the stream has shown it already, and perhaps newer. */
  private putSent(m: Message): void {
    const at = key.messages(m.conversation_id);
    const old = this.client.getQueryData<Paged<Message>>(at);
    if (old?.pages.some((p) => p.items.some((x) => x.id === m.id))) return;
    const next = putMessage(old, m);
    if (next) this.client.setQueryData(at, next);
  }

  /** Loads the first page of a list anew and joins it with the rest. */
  async refreshHead(view: View, text: string): Promise<void> {
    const at = key.list(view, text);
    if (!this.client.getQueryData(at)) return;
    try {
      const fresh = await conversations.list(view, text, '');
      this.client.setQueryData(at, (old: Paged<Conversation> | undefined) => mergeHead(old, fresh));
      for (const c of fresh.items) this.putOne(c);
    } catch {
      // The list stays as it is; the next event asks again.
    }
  }

  private putOne(c: Conversation): void {
    this.client.setQueryData(key.conversation(c.id), (old: Conversation | undefined) =>
      old && old.version <= c.version ? c : old,
    );
  }

  private take(ev: Event): void {
    if (ev.kind === 'message.new' && ev.message) this.stopTyping(ev.message);
    const due = applyEvent(this.cache, ev, this.me.member.id);
    if (ev.conversation_id) this.overtaken(ev.kind, ev.conversation_id);
    if (due.reread) {
      void this.client.invalidateQueries({ queryKey: key.passages(due.reread) });
      void this.client.invalidateQueries({ queryKey: key.source(due.reread) });
    }
    if (due.erased) this.forget(due.erased);
    if (due.deleted) this.forgetTalk(due.deleted);
    this.follow(due);
  }

  /** Asks again for what is on its way: it may have left the server before the event and would cover it. */
  private overtaken(kind: EventKind, id: string): void {
    const touched = [key.conversation(id)];
    if (kind.startsWith('message.')) touched.push(key.messages(id));
    if (kind.startsWith('draft.')) touched.push(key.drafts(id));
    for (const at of touched) {
      const asked = this.client.getQueryCache().find({ queryKey: at, exact: true });
      if (asked?.state.fetchStatus !== 'fetching') continue;
      const again = () => void this.client.invalidateQueries({ queryKey: at, exact: true });
      asked.promise?.then(again, () => {});
    }
  }

  /** Drops what this browser still holds of a person who was erased. */
  forget(contact: string): void {
    const ids = new Set(dropContact(this.cache, contact));
    for (const [, c] of this.client.getQueriesData<Conversation>({ queryKey: key.one })) {
      if (c?.contact.id === contact) ids.add(c.id);
    }
    for (const id of ids) this.forgetTalk(id);
    this.client.removeQueries({ queryKey: key.contact(contact) });
  }

  /** Drops what this browser still holds of a conversation that is gone. */
  forgetTalk(id: string): void {
    dropConversation(this.cache, id);
    const open = this.client.getQueryData<Draft[]>(key.drafts(id)) ?? [];
    for (const place of [`text/${id}`, `note/${id}`, ...open.map((d) => `draft/${d.id}`)]) {
      this.unsent.delete(place);
    }
    this.uploads.drop(id);
    // Reset and not removed: who has it open is told that it is gone.
    void this.client.resetQueries({ queryKey: key.conversation(id) });
    for (const at of [key.messages(id), key.drafts(id)]) this.client.removeQueries({ queryKey: at });
  }

  private follow(what: FollowUp): void {
    this.due = { ...this.due, ...what };
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const due = this.due;
      this.due = {};
      this.catchUp(due);
    }, calm);
  }

  private catchUp(due: FollowUp): void {
    const again = (k: readonly unknown[]) => void this.client.invalidateQueries({ queryKey: k });
    if (due.counts) again(key.counts);
    if (due.sources) again(key.sources);
    if (due.gaps) again(key.gaps);
    if (due.findings) again(key.findings);
    if (due.suggestions) again(key.suggestions);
    if (due.sources || due.gaps || due.findings || due.health) again(key.health);
    if (due.channels) again(key.channels);
    if (due.workspace) again(key.workspace);
    if (due.contact) again(key.contacts);
    if (due.members) again(key.members);
    if (due.me) again(key.me);
    if (!due.heads) return;
    for (const list of this.cache.lists()) {
      const active = this.client.getQueryCache().find({ queryKey: list.key })?.isActive();
      if (active) void this.refreshHead(list.view, list.q);
    }
  }

  private setLink(state: Link): void {
    const before = this.link.get();
    this.link.set(state);
    if (state === 'live' && before !== 'live') this.outbox.flush();
  }

  private hearTyping(t: Typing): void {
    if (t.who.kind === 'member' && t.who.id === this.me.member.id) return;
    const now = { ...this.typing.get() };
    if (t.on) now[t.conversation_id] = { name: t.who.name, kind: t.who.kind, until: Date.now() + typingTime };
    else delete now[t.conversation_id];
    this.typing.set(now);
  }

  private stopTyping(m: Message): void {
    if (!this.typing.get()[m.conversation_id]) return;
    const now = { ...this.typing.get() };
    delete now[m.conversation_id];
    this.typing.set(now);
  }

  private async send(p: Pending): Promise<Message> {
    if (!p.draft_id) {
      const json = {
        kind: p.kind,
        ...(p.body ? { body: p.body } : {}),
        ...(p.close ? { close: true } : {}),
        ...(p.reply_to ? { reply_to: p.reply_to } : {}),
        ...(p.files.length ? { attachments: p.files.map((f) => f.id) } : {}),
      };
      return conversations.send(p.conversation_id, json, p.key);
    }
    const json = { ...(p.body ? { body: p.body } : {}), ...(p.close ? { close: true } : {}) };
    const m = await drafts.send(p.conversation_id, p.draft_id, json, p.key);
    this.client.setQueryData(key.drafts(p.conversation_id), []);
    return m;
  }
}

async function replayAll(after: number): Promise<Event[]> {
  const found: Event[] = [];
  let from = String(after);
  for (;;) {
    const page = await events.after(from, 0);
    found.push(...page.items);
    if (page.items.length === 0 || page.next === from) return found;
    from = page.next;
  }
}
