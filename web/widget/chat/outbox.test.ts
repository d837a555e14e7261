import { describe, expect, it } from 'vitest';
import { Refused } from './call.ts';
import { type Item, Outbox } from './outbox.ts';

const item = (id: string): Item => ({
  id,
  path: 'messages',
  body: { client_id: id, body: id },
  state: 'sending',
  code: '',
  at: '2026-01-01T00:00:00Z',
});

/** An outbox whose calls answer from a list: undefined is a success. */
function box(answers: (Error | undefined)[], renew: () => Promise<void> = async () => {}) {
  const sent: string[] = [];
  const waits: number[] = [];
  let idle = () => {};
  const out = new Outbox({
    send: async (x) => {
      sent.push(x.id);
      const answer = answers.shift();
      if (answer) throw answer;
    },
    changed: () => {
      if (!out.items.some((x) => x.state === 'sending' || x.state === 'queued')) idle();
    },
    renew,
    random: () => 1,
    wait: async (ms) => void waits.push(ms),
  });
  const settled = () => new Promise<void>((resolve) => (idle = resolve));
  return { out, sent, waits, settled };
}

describe('outbox', () => {
  it('keeps order: nothing passes a message that waits', async () => {
    const b = box([new Refused(0), undefined, undefined]);
    const done = b.settled();
    b.out.add(item('a'));
    b.out.add(item('b'));
    await done;
    expect(b.sent).toEqual(['a', 'a', 'b']);
  });

  it('waits as long as the server asks', async () => {
    const b = box([new Refused(429, 'too_many', 7), undefined]);
    const done = b.settled();
    b.out.add(item('a'));
    await done;
    expect(b.waits).toEqual([7000]);
  });

  it('a refused message stays with its reason and lets the next one pass', async () => {
    const b = box([new Refused(400, 'too_long'), undefined]);
    const done = b.settled();
    b.out.add(item('a'));
    b.out.add(item('b'));
    await done;
    await Promise.resolve();
    expect(b.out.items.map((x) => [x.id, x.code])[0]).toEqual(['a', 'too_long']);
    expect(b.sent).toEqual(['a', 'b']);
  });

  it('gets a new token once, then tells that it failed', async () => {
    let renewed = 0;
    const b = box([new Refused(401), new Refused(401, 'visit_over')], async () => void renewed++);
    const done = b.settled();
    b.out.add(item('a'));
    await done;
    expect([renewed, b.out.items[0]?.state]).toEqual([1, 'failed']);
  });
});
