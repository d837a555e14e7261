import type { AISettings } from './ai.ts';
import { request } from './http.ts';
import type { Page, Schemas } from './types.ts';

/** What is tried, counted and probed of the AI. It says nothing to anybody. */

/** A question that the AI is held to. */
export type LabTest = Schemas['LabTest'];
export type LabQuestion = Schemas['LabQuestion'];
export type Expected = NonNullable<Schemas['LabExpect']['outcome']>;
export type LabRun = Schemas['LabRun'];
export type LabResult = Schemas['LabResult'];
/** What became of a question under some settings and knowledge. */
export type LabTried = Schemas['Tried'];
export type Bias = Schemas['Bias'];
export type Probe = Schemas['Probe'];
export type Numbers = Schemas['Numbers'];
export type Figure = Schemas['Figure'];
export type Share = Schemas['Share'];

/** What a comparison asks, and under what. */
export type Trial = {
  settings?: AISettings;
  questions?: number;
  test_ids?: string[];
  knowledge?: { exclude_sources: string[] };
};

type Signal = { signal?: AbortSignal };
const part = encodeURIComponent;
const test = (id: string) => `/lab/tests/${part(id)}`;
const run = (id: string) => `/lab/runs/${part(id)}`;

/** Every page of a list that has an end in sight. */
async function every<T>(path: string, o: Signal): Promise<T[]> {
  const found: T[] = [];
  let cursor = '';
  do {
    const page = await request<Page<T>>(path, { query: { cursor, limit: 100 }, signal: o.signal });
    found.push(...page.items);
    cursor = page.next;
  } while (cursor);
  return found;
}

export const lab = {
  /** All of them: there are 200 at most. */
  tests: (o: Signal = {}) => every<LabTest>('/lab/tests', o),
  add: (json: LabQuestion) => request<LabTest>('/lab/tests', { method: 'POST', json }),
  change: (id: string, json: LabQuestion) => request<LabTest>(test(id), { method: 'PUT', json }),
  drop: (id: string) => request<void>(test(id), { method: 'DELETE' }),
  /** 409 lab_busy while another goes on. */
  begin: (json: Trial) => request<LabRun>('/lab/runs', { method: 'POST', json }),
  runs: (o: Signal = {}) => request<Page<LabRun>>('/lab/runs', { query: { limit: 50 }, signal: o.signal }),
  /** All of them: 400 at most, failed tests first. */
  results: (id: string, o: Signal = {}) => every<LabResult>(`${run(id)}/results`, o),
  cancel: (id: string) => request<LabRun>(`${run(id)}/cancel`, { method: 'POST' }),
  bias: (o: Signal = {}) => request<Bias>('/ai/bias', o),
  probe: () => request<void>('/ai/bias/probes', { method: 'POST' }),
  numbers: (days: number, o: Signal = {}) =>
    request<Numbers>('/ai/numbers', { query: { days }, signal: o.signal }),
};
