// @vitest-environment node
import { describe, expect, it } from 'vitest';
import type { Heard } from './stream.ts';
import { shareStream, type TabParts } from './tabs.ts';
import type { Event } from './types.ts';

const ev = (no: number) => ({ no, kind: 'workspace.changed', at: '' }) as Event;

/** A browser: one lock, one channel, and a record of who opened the stream from where. */
function browser() {
  const queue: (() => void)[] = [];
  let held = false;
  const buses = new Set<{ onmessage: ((e: MessageEvent) => void) | null }>();
  const opened: { after: number | undefined; heard: Heard; closed: boolean }[] = [];
  const replays: number[] = [];
  const next = () => {
    held = false;
    queue.shift()?.();
  };
  const parts = (): TabParts => ({
    open: (heard, after) => {
      const one = { after, heard, closed: false };
      opened.push(one);
      return {
        close: () => {
          one.closed = true;
        },
        nudge: () => {},
      };
    },
    replay: async (after) => {
      replays.push(after);
      return [ev(after + 1), ev(after + 2)];
    },
    locks: {
      request: ((_: string, __: unknown, run: () => Promise<void>) => {
        const start = () => {
          held = true;
          void run().then(next);
        };
        if (held) queue.push(start);
        else start();
        return Promise.resolve();
      }) as unknown as LockManager['request'],
    },
    channel: () => {
      const bus = {
        onmessage: null as ((e: MessageEvent) => void) | null,
        postMessage(data: unknown) {
          for (const other of buses) if (other !== bus) other.onmessage?.({ data } as MessageEvent);
        },
        close: () => buses.delete(bus),
      };
      buses.add(bus);
      return bus as unknown as BroadcastChannel;
    },
  });
  return { parts, opened, replays };
}

function tab(parts: TabParts) {
  const got: number[] = [];
  const handle = shareStream(
    'w',
    {
      event: (e) => got.push(Number(e.no)),
      typing: () => {},
      hello: () => {},
      reset: () => {},
      link: () => {},
      signedOut: () => {},
    },
    parts,
  );
  return { got, handle };
}

const soon = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('shareStream', () => {
  it('opens one stream for all tabs, and every tab hears every event once', () => {
    const b = browser();
    const one = tab(b.parts());
    const two = tab(b.parts());
    expect(b.opened).toHaveLength(1);
    b.opened[0]?.heard.hello(5);
    b.opened[0]?.heard.event(ev(6));
    b.opened[0]?.heard.event(ev(6));
    expect([one.got, two.got]).toEqual([[6], [6]]);
  });

  it('goes on from the last number when the tab that held the stream closes', async () => {
    const b = browser();
    const one = tab(b.parts());
    const two = tab(b.parts());
    b.opened[0]?.heard.hello(5);
    b.opened[0]?.heard.event(ev(6));
    one.handle.close();
    await soon();
    expect(b.opened[0]?.closed).toBe(true);
    expect(b.opened[1]?.after).toBe(6);
    b.opened[1]?.heard.event(ev(7));
    expect(two.got).toEqual([6, 7]);
  });

  it('fetches what it missed when the leading tab is ahead', async () => {
    const b = browser();
    tab(b.parts());
    b.opened[0]?.heard.hello(5);
    const two = tab(b.parts());
    b.opened[0]?.heard.event(ev(6));
    // A word lost on the way: only the number shows that something is missing.
    const channel = b.parts().channel?.('w');
    channel?.postMessage({ t: 'link', state: 'live', no: 8 });
    await soon();
    expect(b.replays).toContain(6);
    expect(two.got).toEqual([6, 7, 8]);
  });

  it('opens a stream of its own where tabs cannot share', () => {
    const b = browser();
    tab({ ...b.parts(), locks: undefined });
    tab({ ...b.parts(), channel: undefined });
    expect(b.opened).toHaveLength(2);
  });
});
