import { request } from './http.ts';
import type { Page, Schemas } from './types.ts';

type Signal = { signal?: AbortSignal };
export type Duty = Schemas['Duty'];
export type WholeDuty = Schemas['WholeDuty'];
export type DutyLine = Schemas['DutyLine'];
export type NewDuty = Schemas['NewDutyBodyBody'];
export type SignedDuty = Schemas['SignDutyBodyBody'];

const all = '/privacy/duties';
const at = (d: string) => `${all}/${encodeURIComponent(d)}`;

/** What a business owes to data protection again and again, and what it did. */
export const duties = {
  open: (o: Signal = {}) => request<Page<Duty>>(all, o),
  done: (before: string, o: Signal = {}) =>
    request<Page<Duty>>(`${all}?state=done${before ? `&before=${before}` : ''}`, o),
  get: (d: string, o: Signal = {}) => request<WholeDuty>(at(d), o),
  add: (json: NewDuty) => request<WholeDuty>(all, { method: 'POST', json }),
  sign: (d: string, json: SignedDuty) => request<WholeDuty>(`${at(d)}/sign`, { method: 'POST', json }),
  drop: (d: string) => request<void>(at(d), { method: 'DELETE' }),
};

/** SHA-256 of a file, which stays where it is. */
export async function hashOf(file: Blob): Promise<string> {
  const sum = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(sum)].map((b) => b.toString(16).padStart(2, '0')).join('');
}
