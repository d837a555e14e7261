import { request } from './http.ts';
import type { LegalHold } from './persons.ts';
import type { Page, Schemas } from './types.ts';

type Signal = { signal?: AbortSignal };
export type Kept = Schemas['RetentionRule'];

const path = '/privacy/retention';

/** How long what is kept; days 0 = as long as anybody may. */
export const retention = {
  list: (o: Signal = {}) => request<Page<Kept>>(path, o),
  /** What it would end if a rule had other days. Nothing changes. */
  tried: (rule: Kept['rule'], days: number, o: Signal = {}) =>
    request<Page<Kept>>(path, { query: { rule, days }, ...o }),
  set: (rule: Kept['rule'], days: number) =>
    request<Page<Kept>>(path, { method: 'PUT', json: { days: { [rule]: days } } }),
};

/** Who is kept from every erasure, newest first. */
export const holds = {
  list: (cursor: string, o: Signal = {}) =>
    request<Page<LegalHold>>('/privacy/holds', { query: { cursor }, ...o }),
  release: (id: string) =>
    request<void>(`/privacy/holds/${encodeURIComponent(id)}/release`, { method: 'POST' }),
};
