import type { Mode } from '../wire.ts';

/** What the server says and takes; see internal/api/widget*.go. */

export type Bilingual = { en?: string; tr?: string };

export type Boot = {
  key: string;
  boot_token: string;
  origin: string;
  locale: string;
  name: string;
  title: Bilingual;
  greeting: Bilingual;
  prompt: Bilingual;
  brand_colour: string;
  position: string;
  consent: Mode;
  erase_after_hours: number;
  ask_name: boolean;
  ask_email: boolean;
  text_limit: number;
  privacy_url: string;
  dev: boolean;
};

export type Source = { name: string; url: string; heading: string };

export type Message = {
  id: string;
  seq: number;
  direction: 'in' | 'out' | 'none';
  author: { kind: 'contact' | 'ai' | 'member' | 'system'; name: string };
  body: string;
  at: string;
  status: string;
  ai?: { label: boolean; sources: Source[] } | null;
  buttons: { id: string; label: string }[];
  client_id?: string;
  event?: { kind: string; name?: string } | null;
};

export type Owner = { kind: 'nobody' | 'ai' | 'member'; name: string };

export type Conversation = {
  state: 'none' | 'open' | 'snoozed' | 'closed';
  owner: Owner;
  read?: number;
  erase_at?: string | null;
};

export type Session = {
  token: string;
  visitor: { known: boolean };
  conversation: Conversation;
  messages: Message[];
  no: string;
  /** Nobody answers here for now. */
  shut: boolean;
};

/** One frame of the stream: as server-sent event or as an item of a long poll. */
export type Heard = { event: string; id?: string; data: unknown };
