import type { Conversation } from './types.ts';

/** How one may write now: freely, freely but not for long, as a person only, or not at all. */
export type Window = 'free' | 'ending' | 'person' | 'closed';

const soon = 2 * 3_600_000;

/** Undefined where the channel lets one write at any time. */
export function windowOf(
  c: Pick<Conversation, 'window_until' | 'member_until'>,
  now: number,
): Window | undefined {
  if (!c.window_until) return undefined;
  const left = Date.parse(c.window_until) - now;
  if (left > soon) return 'free';
  if (left > 0) return 'ending';
  return c.member_until && Date.parse(c.member_until) > now ? 'person' : 'closed';
}
