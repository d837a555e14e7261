import type { Conversation, View } from './types.ts';

export const views: View[] = ['needs_you', 'mine', 'unassigned', 'ai', 'waiting', 'snoozed', 'closed'];

export function isView(text: string): text is View {
  return text === 'all' || (views as string[]).includes(text);
}

/**
 * Says whether a conversation stands in a view, or undefined where only the
 * server can tell. Used to move rows at once; the server's list settles it.
 */
export function stands(c: Conversation, view: View, me: string): boolean | undefined {
  switch (view) {
    case 'all':
      return true;
    case 'closed':
    case 'snoozed':
      return c.state === view;
    default:
      if (c.state !== 'open') return false;
  }
  switch (view) {
    case 'mine':
      return c.owner.kind === 'member' && c.owner.id === me;
    case 'unassigned':
      return c.owner.kind === 'nobody';
    case 'ai':
      return c.owner.kind === 'ai';
    case 'needs_you':
      return c.needs.length > 0;
    default:
      return undefined;
  }
}

/** Languages the server can read and answer in (kit/text). */
export const spoken = ['en', 'tr', 'de', 'es', 'ar', 'fr', 'it', 'nl', 'pt', 'ru'];
