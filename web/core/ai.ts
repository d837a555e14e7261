import { request } from './http.ts';
import type { Page, Schemas } from './types.ts';

/** What a workspace decides about its AI. Apart from api.ts, so that the first screen does not carry it. */

export type Vendor = VendorFacts['name'];
/** What a model may be called for. */
export type Purpose = 'reply' | 'suggest' | 'rewrite' | 'meaning' | 'phrase' | 'evaluate';
export type Tone = AISettings['tone'];
export type When = Rule['hours'];

export type Topic = Schemas['AITopic'];
export type Rule = Schemas['AIRule'];
/** Minutes after midnight; `to` may lie up to a day after `from`. */
export type Span = Schemas['Span'];
/** As tidied: `week` begins with Sunday and has seven days, none of them null. */
export type Hours = { zone: string; week: Span[][]; closed: string[] };

export type AISettings = Omit<Schemas['AISettings'], 'purposes' | 'models' | 'hours' | 'meaning'> & {
  meaning: Schemas['AIMeaning'];
  hours: Hours;
  purposes: Purpose[];
  models: Partial<Record<Vendor, string>>;
};
export type VendorFacts = Schemas['AIVendor'];
export type AIState = Omit<Schemas['AIState'], 'settings'> & { settings: AISettings };
export type Tested = Schemas['AITested'];
export type Spent = Schemas['AISpend'] & { purpose: Purpose };

/** How sure answers were, and what another limit would have made of the same questions. */
export type ConfidenceReport = Schemas['Confidence'];

/** How far the vectors of the passages are. */
export type MeaningState = Schemas['MeaningState'];
export type Check = Schemas['Check'];
export type Outcome = Run['outcome'];
/** A passage that was looked at; one that is gone has neither name nor text. */
export type Rested = Schemas['Rested'];
/** What a customer would get for a question. */
export type Tried = Schemas['Answer'];
/** The bytes that a question would send, and what they are made of. */
export type Prompt = Schemas['Prompt'];
/** Why an answer was given, as it was decided then. */
export type Run = Schemas['Run'];
export type Fault = Schemas['ReportBodyBody']['reason'];
export type SentLog = Schemas['AILog'] & { purpose: Purpose };

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
  /** 409 tests_failed as a change. */
  restore: (version: number, override: string) =>
    request<AISettings>(`/ai/history/${version}/restore`, {
      method: 'POST',
      json: override ? { override } : {},
    }),
  meaning: (o: Signal = {}) => request<MeaningState>('/ai/meaning', o),
  retryMeaning: () => request<MeaningState>('/ai/meaning/retry', { method: 'POST' }),
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
