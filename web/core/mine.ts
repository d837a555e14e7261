import { request } from './http.ts';
import type { Me, Page, Schemas } from './types.ts';

type Signal = { signal?: AbortSignal };
export type ConsentWish = Schemas['ConsentWish'];
export type PastConsent = Schemas['PastConsent'];
export type MyLetter = Schemas['MyLetter'];

/** Changes one's own name, as colleagues and customers read it. */
export const rename = (name: string) => request<Me>('/session', { method: 'PATCH', json: { name } });

/** What one may allow beyond what the account needs, and takes back by the same call. */
export const consents = {
  list: (o: Signal = {}) => request<Schemas['ConsentList']>('/consents', o),
  set: (w: ConsentWish, allowed: boolean) =>
    request<void>('/consents', {
      method: 'PUT',
      json: { purpose: w.purpose, version: w.version, allowed },
    }),
};

/** How often counts of the workspace are mailed to oneself. */
export const digest = {
  show: (o: Signal = {}) => request<Schemas['DigestChoice']>('/session/digest', o),
  choose: (every: Schemas['DigestChoice']['every']) =>
    request<void>('/session/digest', { method: 'PUT', json: { every } }),
};

/** What was mailed to oneself, newest first. */
export const myLetters = (after: string, o: Signal = {}) =>
  request<Page<MyLetter>>(`/my-letters?limit=10${after ? `&cursor=${encodeURIComponent(after)}` : ''}`, o);
