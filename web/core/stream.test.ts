// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { FrameReader } from './sse.ts';
import { backOff, type Heard, type Link, openStream, type StreamParts } from './stream.ts';
import type { Event } from './types.ts';

type Answer = { status?: number; frames?: string; json?: unknown; fail?: boolean; hold?: boolean };
type Asked = { url: string; last: string | null; accept: string | null };

const ev = (no: number) =>
  `id: ${no}\ndata: ${JSON.stringify({ no, kind: 'workspace.changed', at: '' })}\n\n`;
const hello = (no: number) => `event: hello\ndata: {"no":${no}}\n\n`;

/** Answers one request after the other from a script; the stream closes when it ends. */
function play(script: Answer[]) {
  const asked: Asked[] = [];
  const heard: { events: number[]; links: Link[]; resets: number; signedOut: number } = {
    events: [],
    links: [],
    resets: 0,
    signedOut: 0,
  };
  return new Promise<{ asked: Asked[]; heard: typeof heard; naps: number[] }>((resolve) => {
    const naps: number[] = [];
    let handle: { close: () => void } | undefined;
    const done = () => {
      handle?.close();
      resolve({ asked, heard, naps });
    };
    const parts: StreamParts = {
      random: () => 1,
      wait: async (ms) => {
        naps.push(ms);
      },
      fetch: (async (url: string, init: RequestInit) => {
        const headers = new Headers(init.headers);
        asked.push({ url, last: headers.get('Last-Event-ID'), accept: headers.get('Accept') });
        const next = script.shift();
        if (!next) {
          queueMicrotask(done);
          return new Promise(() => {});
        }
        if (next.fail) throw new TypeError('network');
        if (next.json) return Response.json(next.json, { status: next.status ?? 200 });
        return new Response(next.frames ?? '', { status: next.status ?? 200 });
      }) as typeof fetch,
    };
    const ears: Heard = {
      event: (e: Event) => heard.events.push(Number(e.no)),
      typing: () => {},
      hello: () => {},
      reset: () => heard.resets++,
      link: (s) => heard.links.push(s),
      signedOut: () => {
        heard.signedOut++;
        queueMicrotask(done);
      },
    };
    handle = openStream(ears, undefined, parts);
  });
}

describe('FrameReader', () => {
  it('puts frames together however the bytes are cut', () => {
    const text = ': beat\r\n\r\nid: 7\r\nevent: x\r\ndata: a\r\ndata: b\r\n\r\nid: 8\ndata: ü\n\n';
    for (let size = 1; size <= text.length; size++) {
      const reader = new FrameReader();
      const frames = [];
      for (let i = 0; i < text.length; i += size) frames.push(...reader.push(text.slice(i, i + size)));
      expect(frames).toEqual([
        { id: '7', event: 'x', data: 'a\nb' },
        { id: '8', event: 'message', data: 'ü' },
      ]);
    }
  });
});

describe('backOff', () => {
  it('doubles from half a second to thirty and spreads by half', () => {
    expect([0, 1, 2, 6, 50].map((n) => backOff(n, () => 1))).toEqual([500, 1000, 2000, 30_000, 30_000]);
    expect(backOff(0, () => 0)).toBe(250);
  });
});

describe('openStream', () => {
  it('resumes after the last number it heard and skips what it knows', async () => {
    const { asked, heard } = await play([
      { frames: hello(10) + ev(11) + ev(12) },
      { frames: hello(14) + ev(12) + ev(13) + ev(14) },
    ]);
    expect(asked.map((a) => a.last)).toEqual([null, '12', '14']);
    expect(heard.events).toEqual([11, 12, 13, 14]);
  });

  it('resumes from the number of hello when nothing has come yet', async () => {
    const { asked } = await play([{ frames: hello(5) }]);
    expect(asked[1]?.last).toBe('5');
  });

  it('backs off while the server is away and starts small again after it was back', async () => {
    const { naps, heard } = await play([
      { fail: true },
      { fail: true },
      { frames: hello(1) },
      { fail: true },
    ]);
    expect(naps).toEqual([500, 1000, 500, 1000]);
    expect(heard.links).toEqual(['connecting', 'retrying', 'retrying', 'live', 'retrying', 'retrying']);
  });

  it('polls when streams do not get through, and hears every event once', async () => {
    const { asked, heard } = await play([
      { frames: hello(3) },
      { status: 502 },
      { status: 502 },
      { json: { items: [{ no: 4, kind: 'workspace.changed', at: '' }], next: '4' } },
      { json: { items: [], next: '4' } },
    ]);
    expect(asked[3]).toMatchObject({ accept: 'application/json', url: '/api/v1/events?after=3&wait=25' });
    expect(asked[4]?.url).toBe('/api/v1/events?after=4&wait=25');
    expect(heard.events).toEqual([4]);
  });

  it('says so when what it knows is too old, and starts afresh', async () => {
    const { asked, heard } = await play([{ frames: `${hello(3)}event: reset\ndata: {}\n\n` }]);
    expect(heard.resets).toBe(1);
    expect(asked[1]?.last).toBe(null);
  });

  it('stops when the session has ended', async () => {
    const { asked, heard } = await play([{ status: 401 }]);
    expect(heard.signedOut).toBe(1);
    expect(asked).toHaveLength(1);
  });
});
