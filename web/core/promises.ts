import { request } from './http.ts';
import type { Schemas } from './types.ts';

export type Promised = Schemas['PromisedClause'];
export type PromiseList = Schemas['PromiseList'];

/** Every promise of the published texts, with the newest proof of each. */
export const promises = {
  list: (o: { signal?: AbortSignal } = {}) => request<PromiseList>('/privacy/promises', o),
};
