import type { Message } from './wire.ts';

/** Puts messages in by id, newest state wins, ordered by seq; the server's order is the only order. */
export function merge(have: readonly Message[], more: readonly Message[]): Message[] {
  const byId = new Map(have.map((m) => [m.id, m]));
  for (const m of more) if (m.id) byId.set(m.id, m);
  return [...byId.values()].sort((a, b) => a.seq - b.seq);
}

/** Seq of the newest message to the visitor; 0 when there is none. */
export function newestOut(all: readonly Message[]): number {
  return all.reduce((seq, m) => (m.direction === 'out' && m.seq > seq ? m.seq : seq), 0);
}

/** How many messages to the visitor came after what they have read. */
export function unreadAfter(all: readonly Message[], read: number): number {
  return all.filter((m) => m.direction === 'out' && m.seq > read).length;
}

/** Buttons hold until anything is said after them. */
export function openChoices(all: readonly Message[], waiting: number): Message | undefined {
  const last = all.filter((m) => m.direction !== 'none').at(-1);
  return !waiting && last?.direction === 'out' && last.buttons?.length ? last : undefined;
}
