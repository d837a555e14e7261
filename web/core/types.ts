/** The JSON contract of /api/v1. Ids are strings, times RFC 3339 UTC. */

export type Page<T> = { items: T[]; next: string };

export type Mode = 'off' | 'draft' | 'autopilot';
export type View = 'needs_you' | 'mine' | 'unassigned' | 'ai' | 'waiting' | 'snoozed' | 'closed' | 'all';
export type Counts = Record<Exclude<View, 'closed' | 'all'>, number>;

export type Member = {
  id: string;
  name: string;
  email: string;
  role: string;
  state: string;
  last_seen_at: string | null;
};

export type Me = {
  member: { id: string; name: string; email: string; role: string; locale: string };
  workspace: { id: string; name: string; locale: string; languages: string[] };
  permissions: string[];
  dev: boolean;
  expires_at: string;
};

export type Workspace = {
  id: string;
  name: string;
  locale: string;
  languages: string[];
  mode: Mode;
  paused: boolean;
  burst_ms: number;
};

export type Owner = { kind: 'nobody' | 'ai' | 'member'; id: string; name: string };
export type Need = 'draft_ready' | 'handed_over' | 'unanswered' | 'failed_send';
export type HandOverReason = 'asked_for_person' | 'no_answer' | 'topic' | 'error' | 'low_confidence' | 'off';

export type ContactBrief = {
  id: string;
  name: string;
  email: string;
  phone: string;
  language: string;
  anonymous: boolean;
};

export type Skills = {
  text_limit: number;
  text_unit: string;
  receipts: boolean;
  buttons: boolean;
  typing: boolean;
};

export type Conversation = {
  id: string;
  contact: ContactBrief;
  channel: { id: string; kind: string; name: string };
  subject: string;
  preview: { text: string; direction: Direction; author_kind: AuthorKind; at: string } | null;
  state: 'open' | 'snoozed' | 'closed';
  snoozed_until: string | null;
  owner: Owner;
  mode: Mode;
  paused: boolean;
  needs: Need[];
  hand_over: { reason: HandOverReason; at: string } | null;
  unread: number;
  labels: string[];
  language: string;
  window_until: string | null;
  version: number;
  created_at: string;
  updated_at: string;
  erase_at: string | null;
  skills: Skills;
};

export type Direction = 'in' | 'out' | 'none';
export type AuthorKind = 'contact' | 'member' | 'ai' | 'system';
export type MessageStatus =
  | 'queued'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'read'
  | 'failed'
  | 'unknown'
  | 'cancelled';

export type SourceRef = {
  n: number;
  source_id: string;
  passage_id: string;
  name: string;
  heading: string;
  url: string;
  quote: string;
};

export type Message = {
  id: string;
  conversation_id: string;
  seq: number;
  direction: Direction;
  author: { kind: AuthorKind; id: string; name: string };
  kind: string;
  body: string;
  attachments: unknown[];
  buttons: { id: string; label: string }[];
  reply_to: string;
  status: MessageStatus;
  error: { code: string; text: string } | null;
  provider_id: string;
  sent_at: string | null;
  received_at: string | null;
  at: string;
  ai: { run_id: string; disclosed: boolean; decision: string; sources: SourceRef[] } | null;
  event: { kind: string; reason?: string; by?: string } | null;
  deleted: boolean;
};

export type Draft = {
  id: string;
  conversation_id: string;
  body: string;
  language: string;
  confidence: 'high' | 'middle' | 'low';
  decision: string;
  sources: SourceRef[];
  at: string;
};

export type Session = {
  browser: string;
  os: string;
  device: string;
  page_url: string;
  referrer: string;
  locale: string;
  started_at: string;
  last_seen_at: string;
  seconds: number;
};

export type Contact = ContactBrief & {
  created_at: string;
  identities: { channel_kind: string; channel_name: string }[];
  conversations: Pick<Conversation, 'id' | 'subject' | 'state' | 'updated_at'>[];
  session?: Session | null;
};

export type SourceState = 'queued' | 'reading' | 'ready' | 'failed';
export type Source = {
  id: string;
  name: string;
  kind: 'faq' | 'text' | 'markdown';
  state: SourceState;
  reason: string;
  language: string;
  passages: number;
  bytes: number;
  url: string;
  created_at: string;
  updated_at: string;
};

export type Passage = {
  id: string;
  n: number;
  heading: string;
  text: string;
  question?: string;
  hidden: boolean;
};

export type Pair = { question: string; answer: string; alternatives?: string[] };
export type NewSource =
  | { kind: 'faq'; name: string; language?: string; pairs: Pair[] }
  | {
      kind: 'text';
      name: string;
      text: string;
      format?: 'plain' | 'markdown';
      language?: string;
      url?: string;
    };

export type Answer = {
  decision: 'answer' | 'did_you_mean' | 'hand_over';
  language: string;
  answer: string;
  reason: string;
  passages: (SourceRef & { score: number })[];
  suggestions: { passage_id: string; label: string }[];
  checks: { name: string; ok: boolean; value: number; limit: number }[];
  ms: number;
};

export type Bilingual = { en: string; tr: string };
export type Consent = 'required' | 'ask' | 'granted' | 'auto';
export type WidgetSettings = {
  key: string;
  domains: string[];
  consent: Consent;
  erase_after_hours: number;
  locale_default: 'auto' | 'en' | 'tr';
  position: 'end' | 'start';
  brand_colour: string;
  title: Bilingual;
  greeting: Bilingual;
  prompt: Bilingual;
  ask_name: boolean;
  ask_email: boolean;
};

export type Channel = {
  id: string;
  kind: string;
  name: string;
  state: 'active' | 'off' | 'reconnect_needed';
  mode: '' | Mode;
  paused: boolean;
  last_event_at: string | null;
  snippet: string;
  settings: WidgetSettings;
};

export type ApiKey = {
  id: string;
  name: string;
  role: string;
  created_at: string;
  last_used_at: string | null;
  token?: string;
};

export type AuditEntry = {
  no: number;
  at: string;
  actor: string;
  action: string;
  object: string;
  reason: string;
};

export type EventKind =
  | 'message.new'
  | 'message.changed'
  | 'message.gone'
  | 'conversation.changed'
  | 'draft.ready'
  | 'draft.gone'
  | 'source.changed'
  | 'channel.changed'
  | 'workspace.changed'
  | 'contact.changed'
  | 'contact.erased'
  | 'member.changed';

export type Event = {
  no: number | string;
  kind: EventKind;
  at: string;
  conversation_id?: string;
  message_id?: string;
  /** Draft, source, channel, contact or member. */
  object_id?: string;
  message?: Message;
  conversation?: Conversation;
  draft?: Draft;
  source?: Source;
};

export type Typing = {
  conversation_id: string;
  who: { kind: string; id: string; name: string };
  on: boolean;
};
