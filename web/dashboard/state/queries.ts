import {
  type AuditFilter,
  audit,
  channels,
  contacts,
  conversations,
  drafts,
  keys,
  knowledgeHealth,
  members,
  optIns,
  savedReplies,
  session,
  templates,
  workspace,
} from '@core/api.ts';
import { key } from '@core/merge.ts';
import { asProblem } from '@core/problem.ts';
import type { KnowledgeHealth, Page, View } from '@core/types.ts';
import { infiniteQueryOptions, QueryClient, queryOptions } from '@tanstack/react-query';

/** The stream keeps what is loaded true, so nothing grows stale by age alone. */
export function makeClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 10 * 60_000,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: 'always',
        retry: (count, err) => count < 2 && asProblem(err).unreachable,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}

const next = (page: Page<unknown>) => page.next || undefined;

/** How many findings wait for somebody. */
export const foundIn = (h: KnowledgeHealth | undefined): number =>
  h ? Object.values(h.findings).reduce((a, b) => a + b, 0) : 0;

export const q = {
  me: () => queryOptions({ queryKey: key.me, queryFn: ({ signal }) => session.me({ signal }) }),
  workspace: () =>
    queryOptions({ queryKey: key.workspace, queryFn: ({ signal }) => workspace.get({ signal }) }),
  health: () => queryOptions({ queryKey: key.health, queryFn: ({ signal }) => knowledgeHealth({ signal }) }),
  counts: () =>
    queryOptions({ queryKey: key.counts, queryFn: ({ signal }) => conversations.counts({ signal }) }),
  list: (view: View, text: string) =>
    infiniteQueryOptions({
      queryKey: key.list(view, text),
      queryFn: ({ pageParam, signal }) => conversations.list(view, text, pageParam, { signal }),
      initialPageParam: '',
      getNextPageParam: next,
    }),
  conversation: (id: string) =>
    queryOptions({
      queryKey: key.conversation(id),
      queryFn: ({ signal }) => conversations.get(id, { signal }),
      enabled: id !== '',
    }),
  messages: (id: string) =>
    infiniteQueryOptions({
      queryKey: key.messages(id),
      queryFn: ({ pageParam, signal }) => conversations.messages(id, pageParam, { signal }),
      initialPageParam: '',
      getNextPageParam: next,
    }),
  drafts: (id: string) =>
    queryOptions({ queryKey: key.drafts(id), queryFn: ({ signal }) => drafts.list(id, { signal }) }),
  templates: (id: string) =>
    queryOptions({
      queryKey: key.templates(id),
      queryFn: ({ signal }) => templates.list(id, { signal }),
      staleTime: 0, // what may be sent depends on the time, too
    }),
  optIns: (contact: string) =>
    queryOptions({
      queryKey: key.optIns(contact),
      queryFn: ({ signal }) => optIns.list(contact, { signal }),
    }),
  contact: (id: string) =>
    queryOptions({ queryKey: key.contact(id), queryFn: ({ signal }) => contacts.get(id, { signal }) }),
  channels: () =>
    queryOptions({ queryKey: key.channels, queryFn: ({ signal }) => channels.list({ signal }) }),
  kinds: () =>
    queryOptions({
      queryKey: key.kinds,
      queryFn: ({ signal }) => channels.kinds({ signal }),
      staleTime: 0,
    }),
  members: () => queryOptions({ queryKey: key.members, queryFn: ({ signal }) => members.list({ signal }) }),
  devices: () =>
    queryOptions({
      queryKey: key.devices,
      queryFn: ({ signal }) => session.devices({ signal }),
      staleTime: 0,
    }),
  keys: () => queryOptions({ queryKey: key.keys, queryFn: ({ signal }) => keys.list({ signal }) }),
  saved: () =>
    queryOptions({
      queryKey: key.saved,
      queryFn: ({ signal }) => savedReplies.list({ signal }),
      staleTime: 5_000,
    }),
  audit: (filter: AuditFilter) =>
    infiniteQueryOptions({
      queryKey: [...key.audit, filter],
      queryFn: ({ pageParam, signal }) => audit.list(filter, pageParam, { signal }),
      initialPageParam: '',
      getNextPageParam: next,
    }),
};
