import { type Frame, FrameReader } from './sse.ts';
import type { Event, Typing } from './types.ts';

export type Link = 'connecting' | 'live' | 'retrying';

export type Heard = {
  event: (ev: Event) => void;
  typing: (t: Typing) => void;
  /** The server says from which number the stream goes on. */
  hello: (no: number) => void;
  /** What this client knows is too old to be brought up to date: load anew. */
  reset: () => void;
  link: (state: Link) => void;
  signedOut: () => void;
};

export type StreamHandle = { close: () => void; nudge: () => void };

export type StreamParts = {
  fetch: typeof fetch;
  random: () => number;
  /** Resolves after ms, or as soon as the signal fires. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
};

const path = '/api/v1/events';
const silence = 60_000; // the server says something every 20 s
const firstWord = 10_000; // a proxy that holds streams up never lets hello through
const pollSeconds = 25;
const failuresBeforePoll = 3;
const pollsBeforeStream = 12;

/** Milliseconds before try n (from 0): 0.5 s doubling to 30 s, half of it by chance. */
export function backOff(n: number, random: () => number): number {
  const full = Math.min(30_000, 500 * 2 ** Math.min(n, 10));
  return full / 2 + (full / 2) * random();
}

export function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}

const browserParts: StreamParts = {
  fetch: (...args) => fetch(...args),
  random: Math.random,
  wait: waitFor,
};

class Unauthorised extends Error {}

/**
 * Keeps one event stream open: resumes after the last number it heard, backs
 * off with jitter, and falls back to long polls where a proxy holds streams up.
 */
export function openStream(
  heard: Heard,
  after: number | undefined,
  parts: StreamParts = browserParts,
): StreamHandle {
  const stop = new AbortController();
  let nap = new AbortController();
  let last = after;
  let failures = 0;
  let polls = 0;

  const handle = (f: Frame) => {
    if (f.event === 'hello') return hello(f);
    if (f.event === 'reset') {
      last = undefined;
      return heard.reset();
    }
    if (f.event === 'typing') return heard.typing(JSON.parse(f.data) as Typing);
    deliver(JSON.parse(f.data) as Event, f.id);
  };

  const hello = (f: Frame) => {
    const no = Number((JSON.parse(f.data) as { no: number | string }).no);
    alive();
    // With a place to resume from, what lies between is still to come.
    if (last === undefined) last = no;
    heard.hello(no);
  };

  const alive = () => {
    failures = 0;
    heard.link('live');
  };

  const deliver = (ev: Event, id: string) => {
    const no = Number(ev.no ?? id);
    if (last !== undefined && no <= last) return;
    last = no;
    heard.event(ev);
  };

  const streamOnce = async () => {
    const cut = new AbortController();
    const all = AbortSignal.any([stop.signal, cut.signal]);
    const headers: Record<string, string> = { Accept: 'text/event-stream' };
    if (last !== undefined) headers['Last-Event-ID'] = String(last);
    let timer = setTimeout(() => cut.abort(), firstWord);
    try {
      const res = await parts.fetch(path, {
        headers,
        signal: all,
        credentials: 'same-origin',
        cache: 'no-store',
      });
      if (res.status === 401) throw new Unauthorised();
      // Somebody still, who may not listen now: who they are is looked at again.
      if (res.status === 403) heard.signedOut();
      if (!res.ok || !res.body) throw new Error(`stream answered ${res.status}`);
      const frames = new FrameReader();
      const reader = res.body.pipeThrough(new TextDecoderStream() as never).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        clearTimeout(timer);
        timer = setTimeout(() => cut.abort(), silence);
        for (const f of frames.push(value as unknown as string)) handle(f);
      }
    } finally {
      clearTimeout(timer);
    }
  };

  const pollOnce = async () => {
    const query = `?after=${last ?? ''}&wait=${last === undefined ? 0 : pollSeconds}`;
    const limit = AbortSignal.any([stop.signal, AbortSignal.timeout((pollSeconds + 15) * 1000)]);
    const res = await parts.fetch(path + query, {
      headers: { Accept: 'application/json' },
      signal: limit,
      credentials: 'same-origin',
      cache: 'no-store',
    });
    if (res.status === 401) throw new Unauthorised();
    if (!res.ok) throw new Error(`poll answered ${res.status}`);
    const body = (await res.json()) as { items: Event[]; next: string; reset?: boolean };
    if (body.next === '') throw new Error('poll without a number to go on from');
    alive();
    if (body.reset) heard.reset();
    if (body.reset || last === undefined) last = Number(body.next);
    for (const ev of body.items) deliver(ev, String(ev.no));
  };

  const run = async () => {
    heard.link('connecting');
    while (!stop.signal.aborted) {
      try {
        if (failures >= failuresBeforePoll || polls > 0) {
          await pollOnce();
          polls = (polls + 1) % pollsBeforeStream;
          continue;
        }
        await streamOnce();
      } catch (err) {
        if (err instanceof Unauthorised) {
          heard.signedOut();
          return;
        }
        polls = 0;
      }
      if (stop.signal.aborted) return;
      heard.link('retrying');
      nap = new AbortController();
      await parts.wait(backOff(failures, parts.random), AbortSignal.any([nap.signal, stop.signal]));
      failures++;
    }
  };

  void run();
  return { close: () => stop.abort(), nudge: () => nap.abort() };
}
