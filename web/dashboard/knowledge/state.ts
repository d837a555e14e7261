import {
  findings,
  gaps,
  knowledge,
  type PageState,
  type PassageState,
  passages,
  suggestions,
  synonyms,
} from '@core/knowledge.ts';
import { key } from '@core/merge.ts';
import type { Gap, Page, Source } from '@core/types.ts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { isBusy } from './looks.ts';

const next = (page: Page<unknown>) => page.next || undefined;
const often = 2_000; // ms between two looks at what is being read

/** What the Knowledge screens ask for. Below a source's own key, so that news of it reach them. */
export const k = {
  sources: () =>
    infiniteQueryOptions({
      queryKey: key.sources,
      queryFn: ({ pageParam, signal }) => knowledge.sources(pageParam, { signal }),
      initialPageParam: '',
      getNextPageParam: next,
      refetchInterval: (query) => (query.state.data?.pages.some((p) => p.items.some(isBusy)) ? often : false),
    }),
  source: (id: string) =>
    queryOptions({
      queryKey: key.source(id),
      queryFn: ({ signal }) => knowledge.get(id, { signal }),
      staleTime: 0,
      refetchInterval: (query) => (query.state.data && isBusy(query.state.data as Source) ? often : false),
    }),
  content: (id: string) =>
    queryOptions({
      queryKey: key.content(id),
      queryFn: ({ signal }) => knowledge.content(id, { signal }),
      staleTime: 0,
      gcTime: 0,
    }),
  passages: (id: string, state: '' | PassageState = '') =>
    infiniteQueryOptions({
      queryKey: [...key.passages(id), state],
      queryFn: ({ pageParam, signal }) => passages.list(id, state, pageParam, { signal }),
      initialPageParam: '',
      getNextPageParam: next,
    }),
  edits: (passage: string) =>
    queryOptions({
      queryKey: ['passage-edits', passage],
      queryFn: ({ signal }) => passages.edits(passage, { signal }),
      staleTime: 0,
    }),
  pages: (id: string, state: '' | PageState, busy: boolean) =>
    infiniteQueryOptions({
      queryKey: [...key.passages(id), 'pages', state],
      queryFn: ({ pageParam, signal }) => knowledge.pages(id, state, pageParam, { signal }),
      initialPageParam: '',
      getNextPageParam: next,
      staleTime: 0,
      refetchInterval: busy ? often : false,
    }),
  gaps: (state: Gap['state']) =>
    infiniteQueryOptions({
      queryKey: [...key.gaps, state],
      queryFn: ({ pageParam, signal }) => gaps.list(state, pageParam, { signal }),
      initialPageParam: '',
      getNextPageParam: next,
      staleTime: 0,
    }),
  findings: (dismissed: boolean) =>
    infiniteQueryOptions({
      queryKey: [...key.findings, dismissed],
      queryFn: ({ pageParam, signal }) => findings.list(dismissed, pageParam, { signal }),
      initialPageParam: '',
      getNextPageParam: next,
      staleTime: 0,
    }),
  suggesting: () =>
    queryOptions({
      queryKey: key.suggestions,
      queryFn: ({ signal }) => suggestions.get({ signal }),
      staleTime: 0,
    }),
  suggested: (id: string) =>
    infiniteQueryOptions({
      queryKey: [...key.suggestions, id],
      queryFn: ({ pageParam, signal }) => suggestions.list(id, pageParam, { signal }),
      initialPageParam: '',
      getNextPageParam: next,
    }),
  synonyms: () =>
    queryOptions({
      queryKey: ['synonyms'],
      queryFn: ({ signal }) => synonyms.list({ signal }),
      staleTime: 0,
    }),
};
