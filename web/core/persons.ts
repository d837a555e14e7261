import { request } from './http.ts';
import type { Contact, Page, Schemas } from './types.ts';

type Signal = { signal?: AbortSignal };
export type FoundPerson = Schemas['FoundPerson'];
export type PersonCopy = Schemas['PersonCopy'];
export type Disclosure = Schemas['Disclosure'];
export type LegalHold = Schemas['LegalHold'];

const of = (contact: string) => `/contacts/${encodeURIComponent(contact)}`;
const one = (contact: string, copy: string) => `${of(contact)}/export/${encodeURIComponent(copy)}`;

/** One person, by whatever they are known by, and all that may be done for them. */
export const persons = {
  find: (query: string, o: Signal = {}) =>
    request<Page<FoundPerson>>('/privacy/find', { method: 'POST', json: { query }, signal: o.signal }),
  copies: (contact: string, o: Signal = {}) => request<Page<PersonCopy>>(`${of(contact)}/export`, o),
  copy: (contact: string, json: { case_id?: string; report?: boolean }) =>
    request<PersonCopy>(`${of(contact)}/export`, { method: 'POST', json }),
  link: (contact: string, copy: string) =>
    request<Schemas['CopyLink']>(`${one(contact, copy)}/link`, { method: 'POST' }),
  file: (contact: string, copy: string) => request<Blob>(`${one(contact, copy)}/file`, { blob: true }),
  drop: (contact: string, copy: string) => request<void>(one(contact, copy), { method: 'DELETE' }),
  disclosures: (contact: string, o: Signal = {}) =>
    request<Page<Disclosure>>(`${of(contact)}/disclosures`, o),
  rectify: (contact: string, json: Schemas['RectifyBodyBody']) =>
    request<Contact>(`${of(contact)}/rectify`, { method: 'POST', json }),
  hold: (json: Schemas['HoldBodyBody']) => request<LegalHold>('/privacy/holds', { method: 'POST', json }),
};
