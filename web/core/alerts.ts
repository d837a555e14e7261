import { request } from './http.ts';
import type { Page, Schemas } from './types.ts';

type Signal = { signal?: AbortSignal };
export type Alert = Schemas['Alert'];
export type AlertStory = Schemas['AlertStory'];

/** Whose alerts: those of one's workspace, or those of the install for its operator. */
export type AlertsOf = 'workspace' | 'install';

const id = encodeURIComponent;
const path = (of: AlertsOf) => (of === 'install' ? '/operator/alerts' : '/alerts');

/** What looks like abuse. */
export const alerts = {
  list: (of: AlertsOf, cursor: string, o: Signal = {}) =>
    request<Page<Alert>>(path(of), { query: { cursor, limit: 20 }, signal: o.signal }),
  story: (of: AlertsOf, a: string, o: Signal = {}) => request<AlertStory>(`${path(of)}/${id(a)}`, o),
  close: (of: AlertsOf, a: string, note: string) =>
    request<void>(`${path(of)}/${id(a)}/close`, { method: 'POST', json: { note } }),
};

/** What went wrong in the program, for the operator. */
export const errors = {
  list: (o: Signal = {}) => request<Page<Schemas['ErrorKind']>>('/operator/errors', o),
  cases: (e: string, o: Signal = {}) => request<Page<Schemas['ErrorCase']>>(`/operator/errors/${id(e)}`, o),
};

/** What browsers refused to load into our pages. */
export const policyReports = (o: Signal = {}) =>
  request<Page<Schemas['PolicyReport']>>('/operator/policy-reports', o);
