import { request } from './http.ts';
import type { Page, Schemas } from './types.ts';

type Signal = { signal?: AbortSignal };
export type Incident = Schemas['Incident'];
export type WholeIncident = Schemas['WholeIncident'];
export type IncidentNews = Schemas['IncidentNews'];
export type Scope = Schemas['IncidentScope'];

/** Whose incidents: those of one's workspace, or those of the install for its operator. */
export type IncidentsOf = 'workspace' | 'install';

const id = encodeURIComponent;
const path = (of: IncidentsOf) => (of === 'install' ? '/instance/incidents' : '/incidents');

/** What went wrong with people's data. */
export const incidents = (of: IncidentsOf) => {
  const act = (i: string, verb: string, json: unknown = {}) =>
    request<WholeIncident>(`${path(of)}/${id(i)}/${verb}`, { method: 'POST', json });
  const put = (i: string, what: string, json: unknown) =>
    request<WholeIncident>(`${path(of)}/${id(i)}/${what}`, { method: 'PUT', json });
  return {
    list: (cursor: string, o: Signal = {}) =>
      request<Page<Incident>>(path(of), { query: { cursor, limit: 20 }, signal: o.signal }),
    drill: (o: Signal = {}) => request<Schemas['IncidentDrill']>(`${path(of)}/drill`, o),
    get: (i: string, o: Signal = {}) => request<WholeIncident>(`${path(of)}/${id(i)}`, o),
    open: (json: Schemas['NewIncidentBodyBody']) =>
      request<WholeIncident>(path(of), { method: 'POST', json }),
    export: () => request<Blob>(`${path(of)}/export`, { method: 'POST', blob: true }),
    aware: (i: string, at: string, reason: string) => act(i, 'aware', reason ? { at, reason } : { at }),
    facts: (i: string, facts: Record<string, string>) => put(i, 'facts', { facts }),
    count: (i: string, scopes: Scope[]) => act(i, 'count', { scopes }),
    assess: (i: string, risk: string, law: string) => act(i, 'assess', { risk, law }),
    words: (i: string, kind: string, locale: string, text: string) =>
      put(i, `drafts/${kind}/${locale}`, { text }),
    notified: (i: string, locale: string, late: string) =>
      act(i, 'notified', late ? { locale, late_reason: late } : { locale }),
    excuse: (i: string, reason: string) => act(i, 'not-notifiable', { reason }),
    tell: (i: string) => act(i, 'tell'),
    close: (i: string, lessons: string) => act(i, 'close', { lessons }),
    people: (i: string, cursor: string, o: Signal = {}) =>
      request<Page<Schemas['IncidentPerson']>>(`${path(of)}/${id(i)}/people`, {
        query: { cursor, limit: 50 },
        signal: o.signal,
      }),
    settle: (i: string, person: string, left: boolean) => act(i, `people/${id(person)}`, { left }),
  };
};

/** News of whoever runs the install. */
export const incidentNews = (o: Signal = {}) => request<Page<IncidentNews>>('/incident-notices', o);
