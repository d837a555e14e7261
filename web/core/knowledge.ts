import { request, upload } from './http.ts';
import type {
  Content,
  Finding,
  Gap,
  NewSource,
  Page,
  Passage,
  PassageEdit,
  Phrasing,
  Schemas,
  Source,
  SourcePage,
  SourceState,
  Suggested,
  Suggestions,
  Synonyms,
} from './types.ts';

type Signal = { signal?: AbortSignal };
type Added = { id: string; state: SourceState };
const id = encodeURIComponent;
const base = '/knowledge/sources';
const source = (s: string) => `${base}/${id(s)}`;
const passage = (p: string) => `/knowledge/passages/${id(p)}`;

/** A file with what is known of it; "" leaves the kind to be told by what is in it. */
export type NewFile = { file: File; name: string; language: string; kind: '' | 'faq' | 'catalogue' };
export type PassageState = 'held' | 'hidden' | 'edited';
export type PageState = SourcePage['state'];

/** What the AI may quote. */
export const knowledge = {
  sources: (cursor: string, o: Signal = {}) =>
    request<Page<Source>>(base, { query: { cursor, limit: 100 }, signal: o.signal }),
  get: (s: string, o: Signal = {}) => request<Source>(source(s), o),
  add: (json: NewSource) => request<Added>(base, { method: 'POST', json }),
  addFile: (f: NewFile, onProgress: (part: number) => void, signal?: AbortSignal) => {
    const form = new FormData();
    for (const [name, value] of Object.entries({ name: f.name, language: f.language, kind: f.kind })) {
      if (value) form.set(name, value);
    }
    form.set('file', f.file);
    return upload<Added>(base, form, onProgress, signal);
  },
  content: (s: string, o: Signal = {}) => request<Content>(`${source(s)}/content`, o),
  change: (s: string, json: Schemas['SourceChange']) => request<Source>(source(s), { method: 'PATCH', json }),
  remove: (s: string) => request<void>(source(s), { method: 'DELETE' }),
  /** Reads a page or a site again. */
  refresh: (s: string) => request<Source>(`${source(s)}/refresh`, { method: 'POST' }),
  pages: (s: string, state: '' | PageState, cursor: string, o: Signal = {}) =>
    request<Page<SourcePage>>(`${source(s)}/pages`, {
      query: { state, cursor, limit: 50 },
      signal: o.signal,
    }),
};

export const passages = {
  list: (s: string, state: '' | PassageState, cursor: string, o: Signal = {}) =>
    request<Page<Passage>>(`${source(s)}/passages`, {
      query: { state, cursor, limit: 50 },
      signal: o.signal,
    }),
  get: (p: string, o: Signal = {}) => request<Passage>(passage(p), o),
  change: (p: string, json: Schemas['PassageChange']) =>
    request<Passage>(passage(p), { method: 'PATCH', json }),
  /** Shows it again, as it was read. */
  restore: (p: string) => request<Passage>(`${passage(p)}/restore`, { method: 'POST' }),
  edits: (p: string, o: Signal = {}) => request<Page<PassageEdit>>(`${passage(p)}/edits`, o),
};

export const phrasings = {
  list: (p: string, o: Signal = {}) => request<Page<Phrasing>>(`${passage(p)}/phrasings`, o),
  add: (p: string, text: string) =>
    request<Phrasing>(`${passage(p)}/phrasings`, { method: 'POST', json: { text } }),
  approve: (w: string) => request<Phrasing>(`/knowledge/phrasings/${id(w)}/approve`, { method: 'POST' }),
  remove: (w: string) => request<void>(`/knowledge/phrasings/${id(w)}`, { method: 'DELETE' }),
};

const finding = (f: string) => `/knowledge/findings/${id(f)}`;

/** What the doctor found, and what somebody said is all right. */
export const findings = {
  list: (dismissed: boolean, cursor: string, o: Signal = {}) =>
    request<Page<Finding>>('/knowledge/findings', {
      query: { dismissed: String(dismissed), cursor, limit: 20 },
      signal: o.signal,
    }),
  dismiss: (f: string) => request<void>(`${finding(f)}/dismiss`, { method: 'POST' }),
  recall: (f: string) => request<void>(`${finding(f)}/recall`, { method: 'POST' }),
};

/** Puts an answer right where it came from, or writes a question with its answer. */
export const correct = (json: Schemas['CorrectionBodyBody']) =>
  request<Added>('/knowledge/corrections', { method: 'POST', json });

/** Questions that a model suggests as ways to ask; declined ones are not suggested again. */
export const suggestions = {
  get: (o: Signal = {}) => request<Suggestions>('/knowledge/suggestions', o),
  list: (s: string, cursor: string, o: Signal = {}) =>
    request<Page<Suggested>>(`${source(s)}/suggestions`, { query: { cursor, limit: 50 }, signal: o.signal }),
  approve: phrasings.approve,
  decline: phrasings.remove,
  approveAll: (s: string) =>
    request<{ count: number }>(`${source(s)}/suggestions/approve`, { method: 'POST' }),
  declineAll: (s: string) =>
    request<{ count: number }>(`${source(s)}/suggestions/decline`, { method: 'POST' }),
};

const gap = (g: string) => `/knowledge/gaps/${id(g)}`;

export const gaps = {
  list: (state: Gap['state'], cursor: string, o: Signal = {}) =>
    request<Page<Gap>>('/knowledge/gaps', { query: { state, cursor, limit: 30 }, signal: o.signal }),
  answer: (g: string, json: Schemas['AnswerGapBodyBody']) =>
    request<Added>(`${gap(g)}/answer`, { method: 'POST', json }),
  /** Makes its questions ways to ask for a passage. */
  phrase: (g: string, passage_id: string) =>
    request<Page<Phrasing>>(`${gap(g)}/phrasing`, { method: 'POST', json: { passage_id } }),
  dismiss: (g: string) => request<void>(`${gap(g)}/dismiss`, { method: 'POST' }),
};

export const synonyms = {
  list: (o: Signal = {}) => request<Page<Synonyms>>('/knowledge/synonyms', o),
  set: (json: Synonyms) => request<void>('/knowledge/synonyms', { method: 'PUT', json }),
};
