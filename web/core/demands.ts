import { request } from './http.ts';
import type { Page, Schemas } from './types.ts';

type Signal = { signal?: AbortSignal };
export type Demand = Schemas['Demand'];
export type NewDemand = Schemas['OpenDemandBodyBody'];

const at = (d: string) => `/privacy/demands/${encodeURIComponent(d)}`;
const act = (verb: string) => (d: string, reason?: string) =>
  request<Demand>(`${at(d)}/${verb}`, { method: 'POST', json: reason ? { reason } : undefined });

/** What authorities demand: two members approve it, and exactly its scope is handed over. */
export const demands = {
  list: (o: Signal = {}) => request<Page<Demand>>('/privacy/demands', o),
  open: (json: NewDemand) => request<Demand>('/privacy/demands', { method: 'POST', json }),
  approve: act('approve'),
  challenge: act('challenge'),
  refuse: act('refuse'),
  handOver: (d: string) => request<Blob>(`${at(d)}/hand-over`, { method: 'POST', blob: true }),
};
