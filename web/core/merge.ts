import type { Conversation, Draft, Event, Message, Page, Source, View } from './types.ts';
import { stands } from './views.ts';

/** A paged list as the query cache holds it. */
export type Paged<T> = { pages: Page<T>[]; pageParams: unknown[] };
type Key = readonly unknown[];

/** The little of the query cache that merging needs. */
export type Cache = {
  getQueryData: (key: Key) => unknown;
  setQueryData: (key: Key, data: unknown) => unknown;
  lists: () => { key: Key; view: View; q: string }[];
};

/** What must be asked of the server again after an event. */
export type FollowUp = {
  counts?: boolean;
  heads?: boolean;
  sources?: boolean;
  gaps?: boolean;
  findings?: boolean;
  health?: boolean;
  suggestions?: boolean;
  channels?: boolean;
  workspace?: boolean;
  contact?: boolean;
  members?: boolean;
  me?: boolean;
  /** A source whose passages may have changed. */
  reread?: string;
  /** A contact who is gone with all of theirs. */
  erased?: string;
  /** A conversation that was deleted. */
  deleted?: string;
};

export const key = {
  me: ['me'],
  counts: ['counts'],
  lists: ['conversations'],
  list: (view: View, q: string) => ['conversations', view, q],
  one: ['conversation'],
  conversation: (id: string) => ['conversation', id],
  messages: (id: string) => ['messages', id],
  drafts: (id: string) => ['drafts', id],
  /** Below what a change of the account, or of the person, asks for again. */
  templates: (id: string) => ['channels', 'templates', id],
  optIns: (contact: string) => ['contact', contact, 'opt-ins'],
  contact: (id: string) => ['contact', id],
  contacts: ['contact'],
  sources: ['sources'],
  source: (id: string) => ['source', id],
  passages: (id: string) => ['passages', id],
  content: (id: string) => ['content', id],
  gaps: ['gaps'],
  findings: ['findings'],
  suggestions: ['suggestions'],
  health: ['knowledge-health'],
  channels: ['channels'],
  kinds: ['channel-kinds'],
  workspace: ['workspace'],
  members: ['members'],
  devices: ['devices'],
  factors: ['factors'],
  keys: ['keys'],
  saved: ['saved-replies'],
  audit: ['audit'],
};

const all = <T>(data: Paged<T>): T[] => data.pages.flatMap((p) => p.items);

function spread<T>(data: Paged<T>, items: T[]): Paged<T> {
  // Sizes of pages do not matter to anyone; the first takes what is left over.
  const tail = data.pages.slice(1).map((p) => p.items.length);
  const first = Math.max(0, items.length - tail.reduce((a, b) => a + b, 0));
  let at = first;
  const pages = data.pages.map((page, i) => {
    if (i === 0) return { ...page, items: items.slice(0, first) };
    const size = tail[i - 1] ?? 0;
    const part = items.slice(at, at + size);
    at += size;
    return { ...page, items: part };
  });
  return { ...data, pages };
}

const below = (a: Message, b: Message) => a.place < b.place || (a.place === b.place && a.seq < b.seq);

/** Puts a message where its place says; newest first. One too old to be loaded yet is left out. */
export function putMessage(data: Paged<Message> | undefined, m: Message): Paged<Message> | undefined {
  if (!data?.pages.length) return data;
  for (const [i, page] of data.pages.entries()) {
    const at = page.items.findIndex((x) => x.id === m.id);
    if (at < 0) continue;
    const items = page.items.slice();
    items[at] = m;
    return { ...data, pages: data.pages.map((p, j) => (j === i ? { ...p, items } : p)) };
  }
  const items = all(data);
  const at = items.findIndex((x) => below(x, m));
  if (at < 0 && data.pages.at(-1)?.next) return data;
  items.splice(at < 0 ? items.length : at, 0, m);
  return spread(data, items);
}

/** Takes away what a message said; its place stays, so that answers to it still make sense. */
export function emptyMessage(data: Paged<Message> | undefined, id: string): Paged<Message> | undefined {
  if (!data) return data;
  const empty = (m: Message): Message => ({
    ...m,
    body: '',
    attachments: [],
    buttons: [],
    ai: null,
    deleted: true,
  });
  const pages = data.pages.map((p) => ({ ...p, items: p.items.map((m) => (m.id === id ? empty(m) : m)) }));
  return { ...data, pages };
}

const later = (a: Conversation, b: Conversation) => Date.parse(b.updated_at) - Date.parse(a.updated_at);

/** Moves a conversation into, within or out of a list: true in, false out, undefined stays as it is. */
export function placeConversation(
  data: Paged<Conversation> | undefined,
  c: Conversation,
  belongs: boolean | undefined,
): Paged<Conversation> | undefined {
  if (!data?.pages.length) return data;
  const items = all(data);
  const at = items.findIndex((x) => x.id === c.id);
  const old = at < 0 ? undefined : items[at];
  if (old && old.version > c.version) return data;
  if (at < 0 && !belongs) return data;
  if (at >= 0) items.splice(at, 1);
  if (belongs === false) return spread(data, items);
  const to = items.findIndex((x) => later(c, x) < 0);
  if (to < 0 && data.pages.at(-1)?.next && at < 0) return data;
  items.splice(to < 0 ? items.length : to, 0, c);
  return spread(data, items);
}

/** Joins a fresh first page with what was loaded before, so that a long list is never loaded anew. */
export function mergeHead(
  data: Paged<Conversation> | undefined,
  answer: Page<Conversation>,
): Paged<Conversation> | undefined {
  if (!data?.pages.length) return data;
  const have = new Map(all(data).map((c) => [c.id, c]));
  // An event may have told more than an answer that left the server before it.
  const newest = (c: Conversation) => {
    const old = have.get(c.id);
    return old && old.version > c.version ? old : c;
  };
  // Where it did, the row also stands where its own time puts it, not where it stood in that answer.
  const fresh = { ...answer, items: answer.items.map(newest).sort(later) };
  const oldest = fresh.items.at(-1);
  if (fresh.next === '' || !oldest || data.pages.length === 1) {
    return { pages: [fresh], pageParams: data.pageParams.slice(0, 1) };
  }
  const known = new Set(fresh.items.map((c) => c.id));
  // A row that should have been in the fresh page and is not has left the view.
  const rest = [...have.values()].filter((c) => !known.has(c.id) && later(oldest, c) <= 0);
  return spread(data, [...fresh.items, ...rest]);
}

/** Lays a conversation over every place that shows it. */
export function putConversation(cache: Cache, c: Conversation, me: string): void {
  const one = key.conversation(c.id);
  const old = cache.getQueryData(one) as Conversation | undefined;
  if (!old || old.version <= c.version) cache.setQueryData(one, c);
  for (const list of cache.lists()) {
    const data = cache.getQueryData(list.key) as Paged<Conversation> | undefined;
    const belongs = list.q ? undefined : stands(c, list.view, me);
    const next = placeConversation(data, c, belongs);
    if (next !== data) cache.setQueryData(list.key, next);
  }
}

function putDraft(cache: Cache, d: Draft): void {
  const at = key.drafts(d.conversation_id);
  const old = cache.getQueryData(at) as Draft[] | undefined;
  // A newer draft takes the place of an older one.
  if (old) cache.setQueryData(at, [d]);
}

function dropDraft(cache: Cache, conversation: string, id: string | undefined): void {
  const at = key.drafts(conversation);
  const old = cache.getQueryData(at) as Draft[] | undefined;
  if (old) cache.setQueryData(at, id ? old.filter((d) => d.id !== id) : []);
}

function putSource(cache: Cache, fresh: Source): void {
  const old = cache.getQueryData(key.source(fresh.id)) as Source | undefined;
  // An event does not say how far the reading of a site is, nor what waits for review.
  const s = { ...old, ...fresh };
  if (old) cache.setQueryData(key.source(s.id), s);
  const data = cache.getQueryData(key.sources) as Paged<Source> | undefined;
  if (!data) return;
  const pages = data.pages.map((p) => ({
    ...p,
    items: p.items.map((x) => (x.id === s.id ? { ...x, ...fresh } : x)),
  }));
  cache.setQueryData(key.sources, { ...data, pages });
}

function onMessage(cache: Cache, ev: Event): void {
  if (!ev.message) return;
  const at = key.messages(ev.message.conversation_id);
  const old = cache.getQueryData(at) as Paged<Message> | undefined;
  const next = putMessage(old, ev.message);
  if (next && next !== old) cache.setQueryData(at, next);
}

function onGone(cache: Cache, ev: Event): void {
  if (!ev.conversation_id || !ev.message_id) return;
  const at = key.messages(ev.conversation_id);
  const next = emptyMessage(cache.getQueryData(at) as Paged<Message> | undefined, ev.message_id);
  if (next) cache.setQueryData(at, next);
}

/** Takes every conversation with a contact out of the lists; gives the ids of those that were there. */
export const dropContact = (cache: Cache, contact: string): string[] =>
  drop(cache, (c) => c.contact.id === contact);

/** Takes one conversation out of the lists. */
export const dropConversation = (cache: Cache, id: string): string[] => drop(cache, (c) => c.id === id);

function drop(cache: Cache, meant: (c: Conversation) => boolean): string[] {
  const gone = new Set<string>();
  for (const list of cache.lists()) {
    const data = cache.getQueryData(list.key) as Paged<Conversation> | undefined;
    if (!data) continue;
    const [theirs, others] = [true, false].map((x) => all(data).filter((c) => meant(c) === x));
    if (!theirs?.length) continue;
    for (const c of theirs) gone.add(c.id);
    cache.setQueryData(list.key, spread(data, others ?? []));
  }
  return [...gone];
}

/** Merges one event of the stream into the cache. Applying it twice changes nothing. */
export function applyEvent(cache: Cache, ev: Event, me: string): FollowUp {
  if (ev.conversation) putConversation(cache, ev.conversation, me);
  switch (ev.kind) {
    case 'message.new':
    case 'message.changed':
      onMessage(cache, ev);
      return { heads: true, counts: ev.kind === 'message.new' };
    case 'message.gone':
      onGone(cache, ev);
      return { heads: true };
    case 'conversation.changed':
      return { heads: true, counts: true };
    case 'conversation.gone':
      return { heads: true, counts: true, deleted: ev.conversation_id };
    case 'draft.ready':
      if (ev.draft) putDraft(cache, ev.draft);
      return { heads: true, counts: true };
    case 'draft.gone':
      if (ev.conversation_id) dropDraft(cache, ev.conversation_id, ev.object_id);
      return { heads: true, counts: true };
    case 'source.changed':
      if (ev.source) putSource(cache, ev.source);
      return { sources: true, reread: ev.object_id };
    case 'gap.changed':
      return { gaps: true };
    case 'phrasings.changed':
      return { suggestions: true };
    case 'findings.changed':
      return { findings: true };
    case 'lab.changed':
    case 'lab.alarm':
      return { health: true };
    case 'channel.changed':
      return { channels: true };
    case 'workspace.changed':
      return { workspace: true };
    case 'contact.changed':
      return { contact: true, heads: true };
    case 'contact.erased':
      return { heads: true, counts: true, erased: ev.object_id };
    case 'member.changed':
      // Of several in a row one may be one's own: what is due is added to, never taken back.
      return ev.object_id === me ? { members: true, me: true } : { members: true };
    default:
      return {};
  }
}
