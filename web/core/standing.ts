import { request } from './http.ts';
import type { Page, Schemas } from './types.ts';

type Signal = { signal?: AbortSignal };
export type InstanceWorkspace = Schemas['InstanceWorkspace'];
export type OpenedWorkspace = Schemas['OpenedWorkspace'];
export type AppealAnswer = Schemas['AppealAnswer'];
export type AskedStatement = Schemas['AskedStatement'];

const id = encodeURIComponent;

/** Why one's workspace is suspended, and what was said against it. */
export const suspension = {
  get: (o: Signal = {}) => request<Schemas['Suspension']>('/suspension', o),
  appeal: (text: string) =>
    request<Schemas['Suspension']>('/suspension/appeals', { method: 'POST', json: { text } }),
};

/** How far the deletion of one's workspace came, and the way there and back. */
export type Closing = Schemas['Closing'];
export const closing = {
  get: (o: Signal = {}) => request<Closing>('/workspace/closing', o),
  close: (workspace: string) =>
    request<Closing>('/workspace/closing', { method: 'POST', json: { workspace } }),
  reopen: () => request<Closing>('/workspace/closing/reopen', { method: 'POST' }),
  file: () => request<Blob>('/workspace/export', { blob: true }),
};

const at = (w: string, act: string) => `/instance/workspaces/${id(w)}/${act}`;
const act = (verb: string) => (w: string, reason: string) =>
  request<OpenedWorkspace>(at(w, verb), { method: 'POST', json: { reason } });

/** The workspaces of an install, for its operator; each look into one has a reason. */
export const workspaces = {
  list: (o: Signal = {}) => request<Page<InstanceWorkspace>>('/instance/workspaces', o),
  open: act('open'),
  suspend: act('suspend'),
  lift: act('lift'),
  releaseHolds: (w: string, reason: string) =>
    request<void>(at(w, 'release-holds'), { method: 'POST', json: { reason } }),
  decide: (w: string, appeal: string, granted: boolean, reason: string) =>
    request<OpenedWorkspace>(at(w, `appeals/${id(appeal)}/decide`), {
      method: 'POST',
      json: { granted, reason },
    }),
};

/** Short texts that a member is asked to agree to. */
export const statements = {
  list: (o: Signal = {}) => request<Schemas['AcknowledgementList']>('/acknowledgements', o),
  answer: (s: AskedStatement, answer: 'agreed' | 'declined') =>
    request<void>('/acknowledgements', {
      method: 'POST',
      json: { what: s.what, version: s.version, answer },
    }),
};

/** Everything that is held about oneself as a member, as a file. */
export const myData = () => request<Blob>('/my-data', { blob: true });

/** What is open and what is weak in a workspace. */
export const securityNow = (o: Signal = {}) => request<Schemas['Security']>('/security', o);
