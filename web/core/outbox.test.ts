// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { Outbox, type Pending } from './outbox.ts';
import { Problem } from './problem.ts';
import type { Message } from './types.ts';

function post() {
  const tries: Pending[] = [];
  const sent: string[] = [];
  const waiting: { p: Pending; ok: () => void; fail: (status: number) => void }[] = [];
  const box = new Outbox({
    send: (p) =>
      new Promise<Message>((resolve, reject) => {
        tries.push(p);
        waiting.push({
          p,
          ok: () => resolve({ id: p.key } as Message),
          fail: (status) => reject(new Problem(status, {})),
        });
      }),
    sent: (p) => sent.push(p.body),
  });
  const settle = async (run: () => void) => {
    run();
    await new Promise<void>((resolve) => setImmediate(resolve));
  };
  return { box, tries, sent, waiting, settle };
}

const write = (body: string, conversation_id = 'a') => ({ body, conversation_id });

describe('Outbox', () => {
  it('sends in order, one at a time for a conversation, side by side for several', async () => {
    const { box, tries, sent, waiting, settle } = post();
    box.add(write('1'));
    box.add(write('2'));
    box.add(write('other', 'b'));
    expect(tries.map((p) => p.body)).toEqual(['1', 'other']);
    await settle(() => waiting[0]?.ok());
    expect(tries.map((p) => p.body)).toEqual(['1', 'other', '2']);
    await settle(() => waiting[2]?.ok());
    expect(sent).toEqual(['1', '2']);
  });

  it('keeps what could not be sent and repeats it with the same key when the link is back', async () => {
    const { box, tries, waiting, settle } = post();
    box.add(write('hello'));
    await settle(() => waiting[0]?.fail(0));
    expect(box.snapshot()[0]?.state).toBe('queued');
    await settle(() => box.flush());
    expect(tries[1]?.key).toBe(tries[0]?.key);
    await settle(() => waiting[1]?.ok());
    expect(box.snapshot()).toEqual([]);
  });

  it('holds later messages back while an earlier one waits', async () => {
    const { box, tries, waiting, settle } = post();
    box.add(write('1'));
    await settle(() => waiting[0]?.fail(503));
    box.add(write('2'));
    expect(tries).toHaveLength(1);
    await settle(() => box.flush());
    await settle(() => waiting[1]?.ok());
    expect(tries.map((p) => p.body)).toEqual(['1', '1', '2']);
  });

  it('shows a refusal, lets the rest go on, and can be retried or dropped', async () => {
    const { box, tries, waiting, settle } = post();
    const first = box.add(write('1'));
    box.add(write('2'));
    await settle(() => waiting[0]?.fail(422));
    expect(box.snapshot()[0]).toMatchObject({ state: 'failed', body: '1' });
    expect(tries.map((p) => p.body)).toEqual(['1', '2']);
    await settle(() => waiting[1]?.ok());
    await settle(() => box.retry(first.key));
    expect(tries.at(-1)?.key).toBe(first.key);
    box.discard(first.key);
    expect(box.snapshot()).toEqual([]);
  });
});
