import { request } from './http.ts';
import type { operations } from './openapi.d.ts';
import type {
  ApiKey,
  AuditEntry,
  Certificate,
  Channel,
  ChannelHealth,
  ChannelKind,
  Clearing,
  ConnectedAccount,
  Contact,
  Conversation,
  Counts,
  Device,
  Draft,
  Erasure,
  Event,
  KnowledgeHealth,
  Me,
  Member,
  Message,
  Mode,
  Offer,
  OptIn,
  Page,
  SavedReply,
  Schemas,
  TemplateList,
  View,
  WidgetSettings,
  Workspace,
} from './types.ts';

type Signal = { signal?: AbortSignal };
const id = encodeURIComponent;

export const session = {
  me: (o: Signal = {}) => request<Me>('/session', o),
  signIn: (json: Schemas['SignInBodyBody']) => request<Me>('/session', { method: 'POST', json }),
  signOut: () => request<void>('/session', { method: 'DELETE' }),
  devices: (o: Signal = {}) => request<Page<Device>>('/sessions', o),
  endOthers: () => request<void>('/sessions', { method: 'DELETE' }),
  end: (s: string) => request<void>(`/sessions/${id(s)}`, { method: 'DELETE' }),
  ways: (o: Signal = {}) => request<Schemas['Ways']>('/session/ways', o),
  /** Where the browser goes to sign in by an account outside. */
  toOutside: (way: string) =>
    request<Schemas['GoOutside']>('/session/outside', { method: 'POST', json: { way } }),
  fromOutside: (json: Schemas['BackBodyBody']) =>
    request<Schemas['CameBack']>('/session/outside', { method: 'PUT', json }),
  mailLink: (email: string) => request<void>('/session/mail', { method: 'POST', json: { email } }),
  openLink: (token: string) =>
    request<Schemas['OpenedLink']>('/session/mail', { method: 'PUT', json: { token } }),
  verify: () => request<void>('/address/verification', { method: 'POST' }),
  changeAddress: (email: string) => request<void>('/address', { method: 'POST', json: { email } }),
  leave: (workspace: string) => request<void>('/leave', { method: 'POST', json: { workspace } }),
  forgot: (email: string) => request<void>('/session/forgot', { method: 'POST', json: { email } }),
  link: (token: string, o: Signal = {}) =>
    request<Schemas['MailedLink']>('/session/link', { method: 'POST', json: { token }, ...o }),
  spendLink: (json: Schemas['ChooseBodyBody']) =>
    request<Schemas['Chosen']>('/session/link', { method: 'PUT', json }),
  setPassword: (json: Schemas['PasswordBodyBody']) => request<void>('/password', { method: 'PUT', json }),
};

/** Accounts outside that sign one in. */
export const outside = {
  list: (o: Signal = {}) => request<Page<Schemas['OutsideAccount']>>('/outside-accounts', o),
  link: (way: string) =>
    request<Schemas['GoOutside']>('/outside-accounts', { method: 'POST', json: { way } }),
  /** Where the browser goes to prove once more who one is. */
  prove: (way: string) =>
    request<Schemas['GoOutside']>('/session/proof/outside', { method: 'POST', json: { way } }),
  unlink: (o: string) => request<void>(`/outside-accounts/${id(o)}`, { method: 'DELETE' }),
  /** Whether the picture of such an account is read and shown. */
  face: (shown: boolean) => request<void>('/session/picture', { method: 'PUT', json: { shown } }),
};

export const setup = {
  needed: (o: Signal = {}) => request<Schemas['SetupState']>('/setup', o),
  run: (json: Schemas['SetupBodyBody']) => request<Me>('/setup', { method: 'POST', json }),
};

export const workspace = {
  get: (o: Signal = {}) => request<Workspace>('/workspace', o),
  storage: (o: Signal = {}) => request<Schemas['Storage']>('/workspace/storage', o),
  change: (json: Schemas['WorkspaceChangeBody']) =>
    request<Workspace>('/workspace', { method: 'PATCH', json }),
};

const conv = (conversation: string) => `/conversations/${id(conversation)}`;

export const conversations = {
  list: (view: View, q: string, cursor: string, o: Signal & { limit?: number } = {}) =>
    request<Page<Conversation>>('/conversations', {
      query: { view, q, cursor, limit: o.limit ?? 50 },
      signal: o.signal,
    }),
  counts: (o: Signal = {}) => request<Counts>('/conversations/counts', o),
  get: (c: string, o: Signal = {}) => request<Conversation>(conv(c), o),
  takeOver: (c: string) => request<Conversation>(`${conv(c)}/take-over`, { method: 'POST' }),
  handBack: (c: string) => request<Conversation>(`${conv(c)}/hand-back`, { method: 'POST' }),
  ai: (c: string, json: Schemas['AiBodyBody']) =>
    request<Conversation>(`${conv(c)}/ai`, { method: 'POST', json }),
  assign: (c: string, member_id: string) =>
    request<Conversation>(`${conv(c)}/assign`, { method: 'POST', json: { member_id } }),
  close: (c: string) => request<Conversation>(`${conv(c)}/close`, { method: 'POST' }),
  /** Without a confirmation it only says what would go; with the one it gave it deletes. */
  remove: (c: string, confirm?: string) =>
    request<Erasure>(`${conv(c)}/delete`, { method: 'POST', json: confirm ? { confirm } : {} }),
  reopen: (c: string) => request<Conversation>(`${conv(c)}/reopen`, { method: 'POST' }),
  snooze: (c: string, until: string) =>
    request<Conversation>(`${conv(c)}/snooze`, { method: 'POST', json: { until } }),
  read: (c: string, message_id: string) =>
    request<void>(`${conv(c)}/read`, { method: 'POST', json: { message_id } }),
  unread: (c: string) => request<Conversation>(`${conv(c)}/unread`, { method: 'POST' }),
  typing: (c: string) => request<void>(`${conv(c)}/typing`, { method: 'POST' }),
  labels: (c: string, labels: string[]) =>
    request<Conversation>(`${conv(c)}/labels`, { method: 'PUT', json: { labels } }),
  messages: (c: string, cursor: string, o: Signal = {}) =>
    request<Page<Message>>(`${conv(c)}/messages`, { query: { cursor, limit: 50 }, signal: o.signal }),
  send: (
    c: string,
    json: Omit<Schemas['SendBodyBody'], 'kind'> & Partial<Pick<Schemas['SendBodyBody'], 'kind'>>,
    idempotencyKey: string,
  ) => request<Message>(`${conv(c)}/messages`, { method: 'POST', json, idempotencyKey }),
};

export const templates = {
  list: (c: string, o: Signal = {}) => request<TemplateList>(`${conv(c)}/templates`, o),
  /** Asks the provider now. */
  read: (c: string) => request<TemplateList>(`${conv(c)}/templates/read`, { method: 'POST' }),
  send: (c: string, template: Schemas['TemplateUse'], idempotencyKey: string) =>
    request<Message>(`${conv(c)}/messages`, { method: 'POST', json: { template }, idempotencyKey }),
};

export const optIns = {
  list: (c: string, o: Signal = {}) => request<Page<OptIn>>(`/contacts/${id(c)}/opt-ins`, o),
  add: (c: string, json: Schemas['OptInBodyBody']) =>
    request<OptIn>(`/contacts/${id(c)}/opt-ins`, { method: 'POST', json }),
  stop: (c: string, o: string) => request<void>(`/contacts/${id(c)}/opt-ins/${id(o)}`, { method: 'DELETE' }),
};

export const drafts = {
  list: async (c: string, o: Signal = {}) => {
    const answer = await request<Page<Draft> | Draft[]>(`${conv(c)}/drafts`, o);
    return Array.isArray(answer) ? answer : answer.items;
  },
  ask: (c: string) => request<void>(`${conv(c)}/drafts`, { method: 'POST' }),
  send: (c: string, draft: string, json: Schemas['SendDraftBodyBody'], idempotencyKey: string) =>
    request<Message>(`${conv(c)}/drafts/${id(draft)}/send`, {
      method: 'POST',
      json,
      idempotencyKey,
    }),
  discard: (c: string, draft: string) =>
    request<void>(`${conv(c)}/drafts/${id(draft)}`, { method: 'DELETE' }),
};

const savedPath = '/saved-replies';

export const savedReplies = {
  /** All of them: a list is only of use whole. */
  list: async (o: Signal = {}) => {
    const all: SavedReply[] = [];
    for (let cursor = ''; ; ) {
      const page = await request<Page<SavedReply>>(savedPath, {
        query: { cursor, limit: 100 },
        signal: o.signal,
      });
      all.push(...page.items);
      if (!page.next) return all;
      cursor = page.next;
    }
  },
  add: (json: Schemas['NewSavedBodyBody']) => request<SavedReply>(savedPath, { method: 'POST', json }),
  change: (s: string, json: Schemas['ChangeSavedBodyBody']) =>
    request<SavedReply>(`${savedPath}/${id(s)}`, { method: 'PATCH', json }),
  remove: (s: string) => request<void>(`${savedPath}/${id(s)}`, { method: 'DELETE' }),
};

export const contacts = {
  search: (q: string, o: Signal = {}) =>
    request<Page<Contact>>('/contacts', { query: { q, limit: 8 }, signal: o.signal }),
  get: (c: string, o: Signal = {}) => request<Contact>(`/contacts/${id(c)}`, o),
  change: (c: string, json: Schemas['ContactBodyBody']) =>
    request<Contact>(`/contacts/${id(c)}`, { method: 'PATCH', json }),
  restrictions: (c: string, o: Signal = {}) =>
    request<Schemas['ContactRestrictions']>(`/contacts/${id(c)}/restrictions`, o),
  restrict: (c: string, json: Schemas['RestrictBodyBody']) =>
    request<Schemas['ContactRestrictions']>(`/contacts/${id(c)}/restrictions`, { method: 'PUT', json }),
  /** Says that another contact is the same person; unmerge takes it back. */
  merge: (c: string, other: string) =>
    request<Contact>(`/contacts/${id(c)}/merge`, { method: 'POST', json: { contact_id: other } }),
  unmerge: (c: string, other: string) =>
    request<Contact>(`/contacts/${id(c)}/unmerge`, { method: 'POST', json: { contact_id: other } }),
  /** Without a confirmation it only says what would go; with the one it gave it erases. */
  erase: (c: string, confirm?: string) =>
    request<Erasure>(`/contacts/${id(c)}/erase`, { method: 'POST', json: confirm ? { confirm } : {} }),
  /** The same, and the sums of days stay what they were. */
  anonymise: (c: string, confirm?: string) =>
    request<Erasure>(`/contacts/${id(c)}/anonymise`, { method: 'POST', json: confirm ? { confirm } : {} }),
};

export const channels = {
  list: (o: Signal = {}) => request<Page<Channel>>('/channels', { query: { limit: 100 }, signal: o.signal }),
  get: (c: string, o: Signal = {}) => request<Channel>(`/channels/${id(c)}`, o),
  add: (name: string) => request<Channel>('/channels', { method: 'POST', json: { kind: 'widget', name } }),
  change: (
    c: string,
    json: {
      name?: string;
      mode?: '' | Mode;
      paused?: boolean;
      state?: 'active' | 'off';
      settings?: Partial<WidgetSettings>;
    },
  ) => request<Channel>(`/channels/${id(c)}`, { method: 'PATCH', json }),
  remove: (c: string) => request<void>(`/channels/${id(c)}`, { method: 'DELETE' }),
  /** What can be connected to a provider, and what is asked for. */
  kinds: (o: Signal = {}) => request<Page<ChannelKind>>('/channel-kinds', o),
  /** Answers where the browser goes to sign in. */
  begin: (json: Schemas['BeginBodyBody']) =>
    request<{ url: string }>('/channels/connect', { method: 'POST', json }),
  /** Trades what a sign-in sent back; it is good once. */
  finish: (json: Schemas['FinishBodyBody']) =>
    request<Offer>('/channels/connect/finish', { method: 'POST', json }),
  paste: (json: Schemas['PasteBodyBody']) =>
    request<Offer>('/channels/connect/paste', { method: 'POST', json }),
  confirm: (json: Schemas['TickBodyBody']) =>
    request<Page<ConnectedAccount>>('/channels/connect/confirm', { method: 'POST', json }),
  disconnect: (c: string, history: 'keep' | 'delete') =>
    request<Certificate>(`/channels/${id(c)}/disconnect`, { method: 'POST', json: { history } }),
  /** How far the last deletion of all its conversations came. */
  clearing: (c: string, o: Signal = {}) => request<Clearing>(`/channels/${id(c)}/clearing`, o),
  /** Without a confirmation it only says what would go; with the one it gave it begins. */
  clear: (c: string, confirm?: string) =>
    request<Clearing>(`/channels/${id(c)}/clearing`, { method: 'POST', json: confirm ? { confirm } : {} }),
  /** Brings a number into service; the PIN is kept nowhere. */
  register: (c: string, pin: string) =>
    request<void>(`/channels/${id(c)}/register`, { method: 'POST', json: { pin } }),
  health: (c: string, o: Signal = {}) => request<ChannelHealth>(`/channels/${id(c)}/health`, o),
};

export const privacy = {
  cases: (cursor: string, o: Signal = {}) =>
    request<Page<Schemas['Case']>>('/privacy/cases', {
      query: { about: 'people', cursor, limit: 20 },
      signal: o.signal,
    }),
  certificates: (cursor: string, o: Signal = {}) =>
    request<Page<Certificate>>('/privacy/certificates', { query: { cursor, limit: 20 }, signal: o.signal }),
};

/** What of the knowledge is well, and what waits for a person. */
export const knowledgeHealth = (o: Signal = {}) => request<KnowledgeHealth>('/knowledge/health', o);

export const members = {
  list: (o: Signal = {}) => request<Page<Member>>('/members', { query: { limit: 100 }, signal: o.signal }),
  add: (json: Schemas['NewMemberBodyBody']) => request<Member>('/members', { method: 'POST', json }),
  invite: (m: string) => request<void>(`/members/${id(m)}/invitation`, { method: 'POST' }),
  resetPassword: (m: string, password: string) =>
    request<void>(`/members/${id(m)}/password`, { method: 'PUT', json: { password } }),
  /** What each role may do. */
  roles: (o: Signal = {}) => request<Page<Schemas['RoleRights']>>('/roles', o),
  /** Makes another member the owner in one's place. */
  giveOwnership: (m: string) => request<void>(`/members/${id(m)}/ownership`, { method: 'POST' }),
  change: (m: string, json: Schemas['MemberBodyBody']) =>
    request<Member>(`/members/${id(m)}`, { method: 'PATCH', json }),
};

export const keys = {
  list: (o: Signal = {}) => request<Page<ApiKey>>('/keys', { query: { limit: 100 }, signal: o.signal }),
  add: (json: Schemas['NewKeyBodyBody']) => request<ApiKey>('/keys', { method: 'POST', json }),
  remove: (k: string) => request<void>(`/keys/${id(k)}`, { method: 'DELETE' }),
};

/** What narrows the record of who did what; what is empty narrows nothing. */
export type AuditFilter = Omit<
  NonNullable<operations['list-audit']['parameters']['query']>,
  'cursor' | 'limit' | 'actor_kind'
>;

export const audit = {
  list: (filter: AuditFilter, cursor: string, o: Signal = {}) =>
    request<Page<AuditEntry>>('/audit', { query: { ...filter, cursor, limit: 50 }, signal: o.signal }),
  /** The same as a table. */
  table: (filter: AuditFilter) =>
    request<Blob>('/audit/export', { method: 'POST', query: filter, blob: true }),
};

/** How old the keys are that everything is sealed with. */
export const keyAges = (o: Signal = {}) => request<Schemas['KeyAges']>('/security/keys', o);

export const events = {
  after: (no: string, wait: number, o: Signal = {}) =>
    request<{ items: Event[]; next: string }>('/events', { query: { after: no, wait }, signal: o.signal }),
};
