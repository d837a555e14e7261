import { randomKey, serverNow } from './http.ts';
import { asProblem, type Problem } from './problem.ts';
import type { Message } from './types.ts';

export type SentFile = { id: string; kind: string; name: string; preview: string };

export type Pending = {
  key: string;
  conversation_id: string;
  body: string;
  kind: 'text' | 'note';
  close: boolean;
  /** Set when this is a draft being approved or edited. */
  draft_id: string;
  /** The message it answers, '' for none. */
  reply_to: string;
  /** Files that were uploaded before. */
  files: SentFile[];
  state: 'sending' | 'queued' | 'failed';
  error: Problem | null;
  at: string;
};

export type NewSend = Pick<Pending, 'conversation_id' | 'body'> &
  Partial<Pick<Pending, 'kind' | 'close' | 'draft_id' | 'reply_to' | 'files'>>;

type Parts = {
  send: (p: Pending) => Promise<Message>;
  sent: (p: Pending, m: Message) => void;
};

/**
 * What the member has sent and the server has not yet confirmed. One send at a
 * time per conversation, so order holds; each carries one idempotency key for
 * all its tries, so a repeat is never a second message. Kept in memory only.
 */
export class Outbox {
  private items: Pending[] = [];
  private readonly busy = new Set<string>();
  private readonly watchers = new Set<() => void>();
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  readonly snapshot = (): Pending[] => this.items;

  readonly subscribe = (run: () => void): (() => void) => {
    this.watchers.add(run);
    return () => this.watchers.delete(run);
  };

  add(send: NewSend): Pending {
    const p: Pending = {
      kind: 'text',
      close: false,
      draft_id: '',
      reply_to: '',
      files: [],
      ...send,
      key: randomKey(),
      state: 'sending',
      error: null,
      at: new Date(serverNow()).toISOString(),
    };
    this.set([...this.items, p]);
    void this.drain(p.conversation_id);
    return p;
  }

  retry(key: string): void {
    const p = this.items.find((x) => x.key === key);
    if (!p) return;
    this.patch(key, { state: 'sending', error: null });
    void this.drain(p.conversation_id);
  }

  discard(key: string): void {
    this.set(this.items.filter((x) => x.key !== key));
  }

  /** The connection is back: send what waits. */
  flush(): void {
    for (const p of this.items) if (p.state === 'queued') this.patch(p.key, { state: 'sending' });
    for (const c of new Set(this.items.map((p) => p.conversation_id))) void this.drain(c);
  }

  private async drain(conversation: string): Promise<void> {
    if (this.busy.has(conversation)) return;
    this.busy.add(conversation);
    try {
      for (;;) {
        const p = this.items.find((x) => x.conversation_id === conversation && x.state !== 'failed');
        if (p?.state !== 'sending') return;
        await this.try(p);
      }
    } finally {
      this.busy.delete(conversation);
    }
  }

  private async try(p: Pending): Promise<void> {
    try {
      const m = await this.parts.send(p);
      this.discard(p.key);
      this.parts.sent(p, m);
    } catch (err) {
      const problem = asProblem(err);
      this.patch(p.key, problem.unreachable ? { state: 'queued' } : { state: 'failed', error: problem });
    }
  }

  private patch(key: string, change: Partial<Pending>): void {
    this.set(this.items.map((x) => (x.key === key ? { ...x, ...change } : x)));
  }

  private set(items: Pending[]): void {
    this.items = items;
    for (const run of this.watchers) run();
  }
}
