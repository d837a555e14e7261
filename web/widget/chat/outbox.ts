import { backOff } from '@core/stream.ts';
import { Refused } from './call.ts';

/** Something the visitor did that the server has not confirmed on the stream yet. */
export type Item = {
  id: string;
  path: 'messages' | 'person' | 'end' | 'profile' | 'report';
  body: Record<string, unknown>;
  /** sent: the server has it, the stream has not shown it yet. */
  state: 'sending' | 'queued' | 'sent' | 'failed';
  /** Why it failed: the server's code. */
  code: string;
  at: string;
};

export type Parts = {
  send: (item: Item) => Promise<unknown>;
  changed: () => void;
  /** Gets a new token; throws Refused when there is none to be had. */
  renew: () => Promise<void>;
  random: () => number;
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
};

const longestWait = 60;

/**
 * What the visitor did, sent one after the other so that order holds. A message
 * keeps its client_id through every try, so a repeat is never a second message.
 * Kept in memory only.
 */
export class Outbox {
  items: Item[] = [];
  private readonly parts: Parts;
  private busy = false;
  private nap = new AbortController();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  add(item: Item): void {
    this.items = [...this.items, item];
    this.parts.changed();
    void this.drain();
  }

  retry(id: string): void {
    this.set(id, { state: 'sending', code: '' });
    void this.drain();
  }

  drop(id: string): void {
    this.items = this.items.filter((x) => x.id !== id);
    this.parts.changed();
  }

  clear(): void {
    this.items = [];
    this.parts.changed();
  }

  /** The network or the tab is back: try now. */
  nudge(): void {
    this.nap.abort();
  }

  private async drain(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    let tries = 0;
    for (;;) {
      const item = this.items.find((x) => x.state === 'sending' || x.state === 'queued');
      if (!item) break;
      const pause = await this.try(item, tries);
      tries = pause ? tries + 1 : 0;
      if (!pause) continue;
      this.nap = new AbortController();
      await this.parts.wait(pause, this.nap.signal);
    }
    this.busy = false;
  }

  /** Milliseconds to wait before the next try; 0 when this item is done with. */
  private async try(item: Item, tries: number): Promise<number> {
    try {
      await this.parts.send(item);
      if (item.path === 'messages') this.set(item.id, { state: 'sent' });
      else this.drop(item.id);
      return 0;
    } catch (err) {
      const refused = err instanceof Refused ? err : new Refused(0);
      if (refused.over && tries === 0) return (await this.renewed()) ? 1 : this.fail(item, refused);
      if (!refused.passing) return this.fail(item, refused);
      this.set(item.id, { state: 'queued' });
      return refused.wait ? Math.min(refused.wait, longestWait) * 1000 : backOff(tries, this.parts.random);
    }
  }

  private async renewed(): Promise<boolean> {
    try {
      await this.parts.renew();
      return true;
    } catch {
      return false;
    }
  }

  private fail(item: Item, why: Refused): 0 {
    this.set(item.id, { state: 'failed', code: why.code });
    return 0;
  }

  private set(id: string, change: Partial<Item>): void {
    this.items = this.items.map((x) => (x.id === id ? { ...x, ...change } : x));
    this.parts.changed();
  }
}
