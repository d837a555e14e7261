import { request } from './http.ts';
import type { Mode, Page, SourceRef } from './types.ts';

/** What a workspace decides about its AI. Apart from api.ts, so that the first screen does not carry it. */

export type Vendor = 'openai' | 'anthropic' | 'compatible';
export type Purpose = 'reply' | 'suggest' | 'rewrite' | 'evaluate';
export type Tone = 'neutral' | 'warm' | 'formal';
export type When = '' | 'open' | 'closed';

export type Topic = { name: string; mode: Mode; words: string[] };
export type Rule = {
  id: string;
  channel: string;
  account_id: string;
  topic: string;
  language: string;
  tag: string;
  hours: When;
  mode: Mode;
};
/** Minutes after midnight; `to` may lie up to a day after `from`. */
export type Span = { from: number; to: number };
/** `week` begins with Sunday. */
export type Hours = { zone: string; week: Span[][]; closed: string[] };

export type AISettings = {
  version: number;
  at: string | null;
  by: { kind: 'member' | 'key' | 'system'; id: string } | null;
  provider: '' | Vendor;
  fallback: '' | Vendor;
  models: Partial<Record<Vendor, string>>;
  url: string;
  temperature: number;
  max_tokens: number;
  history: number;
  instructions: string;
  tone: Tone;
  purposes: Purpose[];
  tokens_per_day: number;
  cents_per_day: number;
  confidence: number;
  topics: Topic[];
  rules: Rule[];
  hours: Hours;
  do_not_say: string[];
  domains: string[];
};

export type VendorFacts = {
  name: Vendor;
  company: string;
  key: 'none' | 'own' | 'install';
  hint: string;
  retention_days: number;
  zero_retention: boolean;
  training: boolean;
  dpa: string;
  region: string;
  checked_on: string;
};

export type AIState = {
  settings: AISettings;
  vendors: VendorFacts[];
  tokens_today: number;
  /** US cents. */
  cents_today: number;
};

export type Tested = { ok: boolean; reason: string; words: string; model: string; ms: number };

export type Spent = {
  day: string;
  purpose: Purpose;
  vendor: Vendor;
  model: string;
  calls: number;
  failed: number;
  tokens_in: number;
  tokens_out: number;
  cents: number;
};

type Counted = { sent: number; drafted: number; handed_over: number; wrong: number };
/** How sure answers were, and what another limit would have made of the same questions. */
export type ConfidenceReport = {
  days: number;
  counted_at: string | null;
  limited: boolean;
  buckets: (Counted & { from: number; to: number })[];
  steps: (Counted & { limit: number })[];
};

export type Check = { name: string; ok: boolean; value: number; limit: number };
export type Outcome = 'sent' | 'drafted' | 'handed_over' | 'flagged' | 'dropped' | 'nothing';
/** A passage that was looked at; one that is gone has neither name nor text. */
export type Rested = SourceRef & { text?: string; score: number };

/** What a customer would get for a question. */
export type Tried = {
  decision: 'answer' | 'did_you_mean' | 'hand_over' | 'nothing';
  outcome: Outcome;
  why: string;
  reason: string;
  language: string;
  answer: string;
  engine: '' | 'extractive' | 'model';
  vendor: string;
  model: string;
  confidence: number;
  limit: number;
  topics: string[];
  special: string[];
  mode: Mode;
  mode_by: 'conversation' | 'rule' | 'account' | 'workspace' | 'default';
  passages: Rested[];
  suggestions: { passage_id: string; label: string }[];
  checks: Check[];
  ms: number;
  tokens_in: number;
  tokens_out: number;
  cents: number;
};

/** The bytes that a question would send, and what they are made of. */
export type Prompt = {
  vendor: string;
  model: string;
  system: string[];
  data: string;
  body: string;
};

/** Why an answer was given, as it was decided then. */
export type Run = {
  id: string;
  conversation_id: string;
  decision: string;
  outcome: Outcome;
  reason: string;
  engine: '' | 'extractive' | 'model';
  vendor: string;
  model: string;
  confidence: number;
  language: string;
  topics: string[];
  special: string[];
  passages: Rested[];
  checks: Check[];
  ms: number;
  tokens_in: number;
  tokens_out: number;
  cents: number;
  settings_version: number;
  at: string;
};

export type Fault = 'wrong' | 'biased' | 'harmful' | 'other';

export type SentLog = {
  id: string;
  run_id: string;
  purpose: Purpose;
  vendor: string;
  model: string;
  prompt: string;
  completion: string;
  at: string;
};

type Signal = { signal?: AbortSignal };
const part = encodeURIComponent;

export const ai = {
  get: (o: Signal = {}) => request<AIState>('/ai', o),
  /**
   * The version in it is the one it was made from; 409 settings_changed when that is no longer the newest,
   * 409 tests_failed when tests would fail under it and no reason says why to save it all the same.
   */
  change: (settings: AISettings, override: string) =>
    request<AISettings>('/ai', { method: 'PUT', json: override ? { ...settings, override } : settings }),
  history: (cursor: string, o: Signal = {}) =>
    request<Page<AISettings>>('/ai/history', { query: { cursor, limit: 20 }, signal: o.signal }),
  restore: (version: number) => request<AISettings>(`/ai/history/${version}/restore`, { method: 'POST' }),
  putKey: (v: Vendor, key: string) => request<void>(`/ai/keys/${v}`, { method: 'PUT', json: { key } }),
  dropKey: (v: Vendor) => request<void>(`/ai/keys/${v}`, { method: 'DELETE' }),
  test: (vendor: Vendor, model: string) =>
    request<Tested>('/ai/test', { method: 'POST', json: model ? { vendor, model } : { vendor } }),
  spend: (days: number, o: Signal = {}) =>
    request<Page<Spent>>('/ai/spend', { query: { days }, signal: o.signal }),
  confidence: (days: number, o: Signal = {}) =>
    request<ConfidenceReport>('/ai/confidence', { query: { days }, signal: o.signal }),
  ask: (question: string, channel: string) =>
    request<Tried>('/answers', { method: 'POST', json: channel ? { question, channel } : { question } }),
  preview: (question: string) => request<Prompt>('/ai/preview', { method: 'POST', json: { question } }),
  run: (r: string, o: Signal = {}) => request<Run>(`/runs/${part(r)}`, o),
  report: (message: string, reason: Fault, note: string) =>
    request<{ case_id: string }>(`/messages/${part(message)}/report`, {
      method: 'POST',
      json: note ? { reason, note } : { reason },
    }),
  logs: (conversation: string, o: Signal = {}) =>
    request<Page<SentLog>>(`/conversations/${part(conversation)}/ai/logs`, o),
};
