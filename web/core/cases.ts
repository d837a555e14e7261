import { request } from './http.ts';
import type { Page, Schemas } from './types.ts';

type Signal = { signal?: AbortSignal };
export type Case = Schemas['Case'];
export type WholeCase = Schemas['WholeCase'];
export type CaseForms = Schemas['CaseForms'];
export type CaseFigures = Schemas['CaseFigures'];
export type NewCase = Schemas['OpenCaseBodyBody'];
export type CaseChange = Schemas['ChangeCaseBodyBody'];

const at = (c: string) => `/privacy/cases/${encodeURIComponent(c)}`;
const act = (verb: string) => (c: string, json?: unknown) =>
  request<WholeCase>(`${at(c)}/${verb}`, { method: 'POST', json });

/** What people ask about their data: each with a clock, and with evidence before it is answered as done. */
export const cases = {
  list: (state: string, cursor: string, o: Signal = {}) =>
    request<Page<Case>>('/privacy/cases', {
      query: { about: 'people', state: state || undefined, cursor, limit: 20 },
      signal: o.signal,
    }),
  forms: (o: Signal = {}) => request<CaseForms>('/privacy/case-forms', o),
  figures: (o: Signal = {}) => request<CaseFigures>('/privacy/case-figures', o),
  get: (c: string, o: Signal = {}) => request<WholeCase>(at(c), o),
  open: (json: NewCase) => request<WholeCase>('/privacy/cases', { method: 'POST', json }),
  change: (c: string, json: CaseChange) => request<WholeCase>(at(c), { method: 'PATCH', json }),
  prove: (c: string, text: string) => act('prove')(c, { text }),
  extend: (c: string, days: number, reason: string) => act('extend')(c, { days, reason }),
  letter: (c: string, text: string) => act('letter')(c, { text }),
  note: (c: string, text: string) => act('note')(c, { text }),
  carryOut: act('carry-out'),
  answer: (c: string, text: string) => act('decide')(c, { decision: 'answered', text }),
  refuse: (c: string, reason: string, text: string) =>
    act('decide')(c, { decision: 'refused', reason, text }),
  withdraw: act('withdraw'),
};
