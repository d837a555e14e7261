import { request } from './http.ts';
import type { Page, Schemas } from './types.ts';

type Signal = { signal?: AbortSignal };
export type Case = Schemas['Case'];
export type Report = NonNullable<Case['report']>;
export type Outcome = 'corrected' | 'rejected';

/** Answers of the AI that somebody reported, and what became of it. */
export const reports = {
  list: (cursor: string, o: Signal = {}) =>
    request<Page<Case>>('/privacy/cases', {
      query: { about: 'answers', cursor, limit: 20 },
      signal: o.signal,
    }),
  counts: (days: number, o: Signal = {}) =>
    request<Schemas['ReportCounts']>('/privacy/reports', { query: { days }, signal: o.signal }),
  close: (c: string, outcome: Outcome, phrase: string) =>
    request<Case>(`/privacy/cases/${encodeURIComponent(c)}/close`, {
      method: 'POST',
      json: phrase ? { outcome, never_say: phrase } : { outcome },
    }),
};
