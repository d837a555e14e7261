import { describe, expect, it } from 'vitest';
import { Feed, type Parts } from './feed.ts';
import type { Heard } from './wire.ts';

type Asked = { url: string; authorization: string };

/** A feed against scripted answers; ends when they run out. */
async function run(answers: (Response | Error)[], after = 10) {
  const asked: Asked[] = [];
  const heard: Heard[] = [];
  const waits: number[] = [];
  const live: boolean[] = [];
  let over = false;
  let finish = () => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let feed: Feed | undefined;
  const parts: Parts = {
    url: '/stream',
    token: () => 'secret',
    random: () => 1,
    wait: async (ms) => void waits.push(ms),
    heard: (h) => heard.push(h),
    live: (on) => void live.push(on),
    over: () => {
      over = true;
      finish();
    },
    fetch: (async (url: string, init: RequestInit) => {
      asked.push({ url, authorization: (init.headers as Record<string, string>).Authorization ?? '' });
      const next = answers.shift();
      if (!next) {
        feed?.close();
        finish();
        throw new Error('no more answers');
      }
      if (next instanceof Error) throw next;
      return next;
    }) as typeof fetch,
  };
  feed = new Feed(parts, after);
  feed.start();
  await done;
  return { asked, heard, waits, live, over };
}

const sse = (text: string) => new Response(text, { headers: { 'Content-Type': 'text/event-stream' } });
const frame = (id: number) => `id: ${id}\nevent: message\ndata: {"n":${id}}\n\n`;

describe('feed', () => {
  it('goes on behind the last number it heard and tells nothing twice', async () => {
    const r = await run([sse(frame(11) + frame(12)), sse(frame(12) + frame(11) + frame(13))]);
    expect(r.heard.map((h) => h.id)).toEqual(['11', '12', '13']);
    expect(r.asked.map((a) => a.url)).toEqual(['/stream?after=10', '/stream?after=12', '/stream?after=13']);
  });

  it('sends the token in a header and never in an address', async () => {
    const r = await run([sse(frame(11))]);
    expect(r.asked.every((a) => a.authorization === 'Widget secret' && !a.url.includes('secret'))).toBe(true);
  });

  it('waits twice as long after each failure, then polls', async () => {
    const gone = new TypeError('network');
    const items = { items: [{ event: 'message', id: '11', data: {} }], next: '11' };
    const r = await run([gone, gone, gone, Response.json(items), sse('')]);
    expect(r.waits.slice(0, 3)).toEqual([500, 1000, 2000]);
    expect(r.asked[3]?.url).toBe('/stream?after=10&wait=25');
    expect(r.heard.map((h) => h.id)).toEqual(['11']);
    expect(r.asked[4]?.url).toBe('/stream?after=11&wait=25');
  });

  it('one cut is not worth a word, a second failure is', async () => {
    const r = await run([sse(frame(11)), sse(frame(12)), new Error('gone'), new Error('gone')]);
    expect(r.live.indexOf(false)).toBe(r.live.lastIndexOf(true) + 1);
    expect(r.live.filter((on) => on)).toHaveLength(2);
  });

  it('stops and says so when the token is no longer good', async () => {
    const r = await run([new Response('{}', { status: 401 })]);
    expect([r.over, r.asked.length]).toEqual([true, 1]);
  });

  it('tells frames without a number each time', async () => {
    const typing = 'event: typing\ndata: {"on":true}\n\n';
    const r = await run([sse(typing + typing)]);
    expect(r.heard.map((h) => h.event)).toEqual(['typing', 'typing']);
  });

  it('comes back after a frame that cannot be read', async () => {
    const r = await run([sse('id: 11\ndata: {broken\n\n'), sse(frame(11))]);
    expect(r.heard.length).toBe(1);
    expect(r.asked.length).toBe(3);
  });
});
