import { FrameReader } from '@core/sse.ts';
import { backOff } from '@core/stream.ts';
import { Refused } from './call.ts';
import type { Heard } from './wire.ts';

export type Parts = {
  url: string;
  token: () => string;
  fetch: typeof fetch;
  random: () => number;
  /** Resolves after ms, or as soon as the signal fires. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  heard: (h: Heard) => void;
  live: (on: boolean) => void;
  /** The token is no longer good; the feed has stopped. */
  over: () => void;
};

const silence = 50_000; // the server says something every 20 s
const firstWord = 10_000; // a proxy that holds streams up never lets it through
const failuresBeforePoll = 3;
const pollsBeforeStream = 12;
const pollSeconds = 25;

/**
 * Keeps one visitor's stream open from an event number on: resumes behind the
 * last number heard, backs off with jitter, and long-polls where streams are
 * cut. Each numbered frame is told once, in order.
 */
export class Feed {
  private readonly parts: Parts;
  private last: number;
  private stop: AbortController | undefined;
  private nap = new AbortController();
  private failures = 0;
  private polls = 0;

  constructor(parts: Parts, after: number) {
    this.parts = parts;
    this.last = after;
  }

  get running(): boolean {
    return this.stop !== undefined;
  }

  start(): void {
    if (this.stop) return;
    this.stop = new AbortController();
    void this.run(this.stop.signal);
  }

  close(): void {
    this.stop?.abort();
    this.stop = undefined;
  }

  /** The network or the tab is back: try now. */
  nudge(): void {
    this.nap.abort();
  }

  private async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const polling = this.failures >= failuresBeforePoll || this.polls > 0;
      try {
        await (polling ? this.poll(stop) : this.stream(stop));
        if (polling) {
          this.polls = (this.polls + 1) % pollsBeforeStream;
          continue;
        }
      } catch (err) {
        if (err instanceof Refused && err.over) {
          if (!stop.aborted) {
            this.close();
            this.parts.over();
          }
          return;
        }
        this.polls = 0;
      }
      if (stop.aborted) return;
      // One cut is nothing to speak of: proxies and restarts do it, and the next try follows at once.
      if (this.failures > 0) this.parts.live(false);
      this.nap = new AbortController();
      await this.parts.wait(
        backOff(this.failures++, this.parts.random),
        AbortSignal.any([this.nap.signal, stop]),
      );
    }
  }

  private async open(query: string, accept: string, signal: AbortSignal): Promise<Response> {
    const res = await this.parts.fetch(`${this.parts.url}?after=${this.last}${query}`, {
      headers: { Accept: accept, Authorization: `Widget ${this.parts.token()}` },
      credentials: 'omit',
      cache: 'no-store',
      signal,
    });
    if (!res.ok || !res.body) throw new Refused(res.status);
    return res;
  }

  private async stream(stop: AbortSignal): Promise<void> {
    const cut = new AbortController();
    let timer = setTimeout(() => cut.abort(), firstWord);
    try {
      const res = await this.open('', 'text/event-stream', AbortSignal.any([stop, cut.signal]));
      const frames = new FrameReader();
      const reader = (res.body as ReadableStream<Uint8Array>).getReader();
      const text = new TextDecoder();
      for (;;) {
        const { done, value } = await reader.read();
        if (done || stop.aborted) return;
        clearTimeout(timer);
        timer = setTimeout(() => cut.abort(), silence);
        this.alive();
        for (const f of frames.push(text.decode(value, { stream: true }))) {
          this.tell({ event: f.event, id: f.id, data: JSON.parse(f.data) as unknown });
        }
      }
    } finally {
      clearTimeout(timer);
    }
  }

  private async poll(stop: AbortSignal): Promise<void> {
    const limit = AbortSignal.any([stop, AbortSignal.timeout((pollSeconds + 15) * 1000)]);
    const res = await this.open(`&wait=${pollSeconds}`, 'application/json', limit);
    const { items } = (await res.json()) as { items: Heard[] };
    this.alive();
    for (const item of items) this.tell(item);
  }

  private alive(): void {
    this.failures = 0;
    this.parts.live(true);
  }

  private tell(h: Heard): void {
    const no = Number(h.id || 0);
    if (no) {
      if (no <= this.last) return;
      this.last = no;
    }
    this.parts.heard(h);
  }
}
