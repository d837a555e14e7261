import { backOff } from '@core/stream.ts';
import type { Consent, Down, Page, Start } from '../wire.ts';
import { Refused, randomName } from './call.ts';
import { Feed } from './feed.ts';
import { merge, newestOut, unreadAfter } from './log.ts';
import { type Item, Outbox } from './outbox.ts';
import type { Parts } from './parts.ts';
import type { Conversation, Heard, Message, Session } from './wire.ts';

const typingFor = 7000; // a typing mark that nobody renews goes by itself
const thinkingFor = 12_000; // the AI's; it sends none of its own
const typingEvery = 4000;
const receiptAfter = 300;
const hiddenFor = 5 * 60_000;
const never = new AbortController().signal;

/** One visitor's visit: session, messages, what waits to be sent, consent. Holds everything in memory. */
export class Visit {
  phase: 'starting' | 'on' | 'over' = 'starting';
  live = true;
  /** The business cannot answer here for now; the stream says when it can again. */
  shut = false;
  consent: Consent;
  /** Our card waits for an answer. */
  ask: boolean;
  opened: boolean;
  conversation: Conversation = { state: 'none', owner: { kind: 'ai', name: '' } };
  messages: Message[] = [];
  /** Name of the member who types; undefined when nobody does. */
  typing: string | undefined;
  thinking = false;
  readonly outbox: Outbox;

  private readonly parts: Parts;
  token = '';
  private kept: string;
  private page: Page;
  private feed: Feed | undefined;
  private told = { delivered: 0, read: 0 };
  private receiptTimer: ReturnType<typeof setTimeout> | undefined;
  private typingTimer: ReturnType<typeof setTimeout> | undefined;
  private thinkingTimer: ReturnType<typeof setTimeout> | undefined;
  private hiddenTimer: ReturnType<typeof setTimeout> | undefined;
  private typedAt = 0;
  private nap = new AbortController();
  private renewing: Promise<void> | undefined;

  constructor(start: Start, parts: Parts) {
    this.parts = parts;
    this.consent = start.consent;
    this.ask = start.ask && start.consent === 'unknown';
    this.opened = start.open;
    this.kept = start.token;
    this.page = start.page;
    this.outbox = new Outbox({
      send: (item) => this.send(item),
      changed: parts.changed,
      renew: () => this.renew(),
      random: parts.random,
      wait: parts.wait,
    });
  }

  get begun(): boolean {
    return this.conversation.state !== 'none' || this.messages.length > 0;
  }

  get unread(): number {
    return unreadAfter(this.messages, this.told.read);
  }

  /** Opens the session; tries until the server answers. Nothing is written there before the first message. */
  async begin(): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        await this.renew();
        return;
      } catch (err) {
        if (!(err instanceof Refused) || !err.passing) {
          this.phase = 'over';
          // What waits to be sent would be lost with this page; then the visitor decides.
          if (err instanceof Refused && err.over && !this.outbox.items.length) {
            this.parts.host.tell({ t: 'over' });
          }
          this.parts.changed();
          return;
        }
        this.setLive(false);
        this.nap = new AbortController();
        const pause = err.wait ? err.wait * 1000 : backOff(tries, this.parts.random);
        await this.parts.wait(pause, this.nap.signal);
      }
    }
  }

  /** A page asked for by itself would name no page around it, so the loader asks for it. */
  reload(): void {
    if (this.parts.host.framed) this.parts.host.tell({ t: 'over', asked: true });
    else location.reload();
  }

  /** Answers the consent it was opened under. */
  private async session(): Promise<Consent> {
    const under = this.consent;
    const s = await this.parts.call<Session>('session', {
      boot_token: this.parts.boot.boot_token,
      token: this.token || this.kept || undefined,
      consent: this.consent,
      locale: this.parts.locale(),
      ...this.aboutPage(),
    });
    this.setToken(s.token);
    this.phase = 'on';
    this.live = true;
    this.conversation = s.conversation;
    this.messages = merge([], s.messages);
    const read = s.conversation.read ?? 0;
    this.told = { delivered: read, read };
    this.settle(s.messages);
    this.feed?.close();
    this.feed = this.newFeed(Number(s.no));
    this.closed(s.shut);
    if (this.begun) this.feed.start();
    this.outbox.nudge();
    this.look();
    this.parts.changed();
    return under;
  }

  /** The page's address goes to the server with consent only. */
  private aboutPage() {
    if (this.consent !== 'granted') return {};
    return { page_url: this.page.url || undefined, referrer: this.page.referrer || undefined };
  }

  private renew(): Promise<void> {
    this.renewing ??= this.session()
      .finally(() => {
        this.renewing = undefined;
      })
      .then((under) => {
        // Only now: a visit that begins anew would else be this one that is ending, and stay without a token.
        if (under !== this.consent) this.consented(under);
      });
    return this.renewing;
  }

  private setToken(token: string): void {
    this.token = token;
    this.parts.host.tell({ t: 'token', token });
  }

  private newFeed(after: number): Feed {
    return new Feed(
      {
        url: `/api/v1/widget/${encodeURIComponent(this.parts.boot.key)}/stream`,
        token: () => this.token,
        fetch: this.parts.fetch,
        random: this.parts.random,
        wait: this.parts.wait,
        heard: (h) => this.heard(h),
        live: (on) => this.setLive(on),
        over: () => void this.begin(),
      },
      after,
    );
  }

  /** While it is closed a stream is open even before the first message: it brings the end of that. */
  private closed(shut: boolean): void {
    this.shut = shut;
    if (!shut) return;
    this.think(false);
    this.feed?.start();
  }

  private setLive(on: boolean): void {
    if (this.live === on) return;
    this.live = on;
    this.parts.changed();
  }

  private heard(h: Heard): void {
    switch (h.event) {
      case 'message':
        this.take(h.data as Message);
        break;
      case 'conversation':
        this.conversation = { ...this.conversation, ...(h.data as Conversation) };
        if (this.conversation.owner.kind !== 'ai') this.think(false);
        break;
      case 'gone':
        this.messages = this.messages.filter((m) => m.id !== (h.data as { id: string }).id);
        break;
      case 'typing':
        this.types(h.data as { who: { name: string }; on: boolean });
        break;
      case 'shut':
        this.closed((h.data as { shut: boolean }).shut);
        break;
      case 'reset':
        void this.begin();
        return;
    }
    this.parts.changed();
  }

  private take(m: Message): void {
    this.messages = merge(this.messages, [m]);
    if (m.direction !== 'in') {
      this.think(false);
      if (m.author.kind === 'member') this.types({ who: { name: '' }, on: false });
    }
    this.settle([m]);
    this.look();
  }

  /** What the server shows under a client_id waits no more. */
  private settle(shown: readonly Message[]): void {
    const ids = new Set(shown.map((m) => m.client_id).filter(Boolean));
    for (const item of this.outbox.items) if (ids.has(item.id)) this.outbox.drop(item.id);
  }

  private types(t: { who: { name: string }; on: boolean }): void {
    clearTimeout(this.typingTimer);
    this.typing = t.on ? t.who.name : undefined;
    if (t.on) this.typingTimer = setTimeout(() => this.types({ ...t, on: false }), typingFor);
    this.parts.changed();
  }

  private think(on: boolean): void {
    clearTimeout(this.thinkingTimer);
    this.thinking = on;
    if (on) {
      this.thinkingTimer = setTimeout(() => {
        this.think(false);
        this.parts.changed();
      }, thinkingFor);
    }
  }

  // What the visitor does.

  say(text: string, choice?: string): void {
    const id = randomName();
    this.typedAt = 0;
    this.put(id, 'messages', { client_id: id, body: text, ...(choice ? { choice } : {}) });
  }

  /** Asks for a person, or ends the chat. */
  act(path: 'person' | 'end'): void {
    if (!this.outbox.items.some((x) => x.path === path && x.state !== 'failed'))
      this.put(randomName(), path, {});
  }

  /** Says what is wrong with an answer of the AI. */
  report(message: string, reason: string): void {
    this.put(randomName(), 'report', { message_id: message, reason });
  }

  introduce(name: string, email: string): void {
    this.put(randomName(), 'profile', { ...(name ? { name } : {}), ...(email ? { email } : {}) });
  }

  private put(id: string, path: Item['path'], body: Item['body']): void {
    this.outbox.add({
      id,
      path,
      body,
      state: 'sending',
      code: '',
      at: new Date(this.parts.now()).toISOString(),
    });
  }

  private async send(item: Item): Promise<unknown> {
    // A message may be written before the session stands; it waits for it.
    if (!this.token) throw new Refused(0);
    this.feed?.start();
    // Before the call: the answer may be on the stream before the call returns.
    if (item.path === 'messages' && this.conversation.owner.kind === 'ai') this.think(true);
    try {
      return await this.parts.call(item.path, item.body, this.token);
    } catch (err) {
      this.think(false);
      if (err instanceof Refused && err.code === 'chat_shut') this.closed(true);
      throw err;
    }
  }

  typed(): void {
    const now = this.parts.now();
    if (!this.begun || now - this.typedAt < typingEvery) return;
    this.typedAt = now;
    void this.quietly('typing', { on: true });
  }

  /** The visitor's answer to our card, or a change of mind; the page's loader answers with what now holds. */
  decide(consent: Consent): void {
    if (this.parts.host.framed) this.parts.host.tell({ t: 'consent', consent });
    else this.agree(consent, '', this.page);
  }

  private agree(next: Consent, kept: string, page: Page): void {
    const before = this.consent;
    this.ask = false;
    this.page = page;
    this.consent = next;
    this.parts.changed();
    if (before === next) return;
    if (kept) this.kept = kept;
    if (this.phase === 'on') this.consented(before);
  }

  /** Brings the server up to date after the answer changed. */
  private consented(before: Consent): void {
    if (!this.begun && this.outbox.items.length === 0) {
      // Nothing is there yet: the visit begins anew under the new answer.
      this.token = '';
      void this.begin();
      return;
    }
    const withdrawn = this.consent === 'refused' && before === 'granted';
    void this.consentTo(withdrawn ? 'withdrawn' : this.consent);
  }

  private async consentTo(state: string): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        const body = { state, locale: this.parts.locale(), ...this.aboutPage() };
        const { token } = await this.parts.call<{ token: string }>('consent', body, this.token);
        this.setToken(token);
        return;
      } catch (err) {
        if (!(err instanceof Refused) || !err.passing) return;
        await this.parts.wait(backOff(tries, this.parts.random), never);
      }
    }
  }

  // What the page and the browser do.

  down(m: Down): void {
    if (m.t === 'consent') {
      this.agree(m.consent, m.token, m.page);
      return;
    }
    this.opened = m.t === 'open';
    this.look();
    this.parts.changed();
  }

  /** The tab was hidden or shown. A tab hidden for long follows nothing and catches up later. */
  shown(visible: boolean): void {
    clearTimeout(this.hiddenTimer);
    if (!visible) {
      this.hiddenTimer = setTimeout(() => this.feed?.close(), hiddenFor);
      return;
    }
    if (this.begun || this.shut) this.feed?.start();
    this.nudge();
    this.look();
    this.parts.changed();
  }

  nudge(): void {
    this.nap.abort();
    this.feed?.nudge();
    this.outbox.nudge();
  }

  /** Reports what has arrived, and what is on the screen, once in a while. */
  look(): void {
    const seq = newestOut(this.messages);
    const visible = this.opened && document.visibilityState === 'visible' && !this.ask;
    const read = visible ? Math.max(seq, this.told.read) : this.told.read;
    if (read > this.told.read || seq > this.told.delivered) {
      this.told = { delivered: Math.max(seq, this.told.delivered), read };
      this.receiptTimer ??= setTimeout(() => {
        this.receiptTimer = undefined;
        const { delivered, read: upTo } = this.told;
        void this.quietly('receipts', { delivered, ...(upTo ? { read: upTo } : {}) });
      }, receiptAfter);
    }
    this.parts.host.tell({ t: 'unread', count: this.unread });
  }

  /** Calls that nobody misses when they fail. */
  private async quietly(path: string, body: unknown): Promise<void> {
    try {
      if (this.token) await this.parts.call(path, body, this.token);
    } catch {
      // The next one says the same.
    }
  }
}
