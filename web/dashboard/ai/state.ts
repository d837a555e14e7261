import { type AIState, ai } from '@core/ai.ts';
import { channels as channelCalls, workspace } from '@core/api.ts';
import { key } from '@core/merge.ts';
import { asProblem } from '@core/problem.ts';
import type { Channel, Page, Workspace } from '@core/types.ts';
import { infiniteQueryOptions, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useToast } from '@ui';
import { useEffect, useMemo, useReducer, useState } from 'react';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';
import { diff, type Meanwhile, meanwhile, rebase, type Setup, tidy } from './setup.ts';

/** Below the workspace: what changes there asks for these again. */
export const aiKey = {
  state: [...key.workspace, 'ai'],
  history: [...key.workspace, 'ai', 'history'],
  spend: [...key.workspace, 'ai', 'spend'],
  confidence: [...key.workspace, 'ai', 'confidence'],
  meaning: [...key.workspace, 'ai', 'meaning'],
};

export const aiQuery = {
  state: () =>
    queryOptions({
      queryKey: aiKey.state,
      queryFn: async ({ signal }) => {
        const s = await ai.get({ signal });
        return { ...s, settings: tidy(s.settings) };
      },
      staleTime: 10_000, // what was spent today goes on
    }),
  history: () =>
    infiniteQueryOptions({
      queryKey: aiKey.history,
      queryFn: async ({ pageParam, signal }) => {
        const page = await ai.history(pageParam, { signal });
        return { ...page, items: page.items.map(tidy) };
      },
      initialPageParam: '',
      getNextPageParam: (p) => p.next || undefined,
      staleTime: 0,
    }),
  meaning: () =>
    queryOptions({ queryKey: aiKey.meaning, queryFn: ({ signal }) => ai.meaning({ signal }), staleTime: 0 }),
  confidence: () =>
    queryOptions({
      queryKey: aiKey.confidence,
      queryFn: ({ signal }) => ai.confidence(30, { signal }),
      staleTime: 60_000,
    }),
  spend: () =>
    queryOptions({
      queryKey: aiKey.spend,
      queryFn: ({ signal }) => ai.spend(30, { signal }),
      staleTime: 60_000,
    }),
};

export type Loaded = { state: AIState; ws: Workspace; channels: Channel[] };

/** What the screens are made of, once all of it is here. */
export function useLoaded() {
  const state = useQuery(aiQuery.state());
  const ws = useQuery(q.workspace());
  const channels = useQuery(q.channels());
  const all = [state, ws, channels];
  const data = useMemo<Loaded | undefined>(
    () =>
      state.data && ws.data && channels.data
        ? { state: state.data, ws: ws.data, channels: channels.data.items.filter((c) => c.state !== 'gone') }
        : undefined,
    [state.data, ws.data, channels.data],
  );
  return {
    data,
    isPending: all.some((x) => x.isPending),
    error: all.find((x) => x.error)?.error ?? null,
    refetch: () => all.map((x) => x.refetch()),
  };
}

export function setupOf({ state, ws, channels }: Loaded): Setup {
  return {
    ai: state.settings,
    mode: ws.mode,
    languages: ws.languages,
    accounts: Object.fromEntries(channels.map((c) => [c.id, c.mode])),
  };
}

type Draft = { base: Setup; mine: Setup; moved: Meanwhile[] };
type Act =
  | { do: 'edit'; run: (s: Setup) => Setup }
  | { do: 'arrive'; fresh: Setup }
  | { do: 'undo' }
  | { do: 'seen' };

/** Edits stay while what they stand on moves. */
export function step(d: Draft, act: Act): Draft {
  switch (act.do) {
    case 'edit':
      return { ...d, mine: act.run(d.mine) };
    case 'undo':
      return { base: d.base, mine: d.base, moved: [] };
    case 'seen':
      return { ...d, moved: [] };
    case 'arrive': {
      const edited = diff(d.base, d.mine).length > 0;
      const news = edited ? meanwhile(d.base, d.mine, act.fresh) : [];
      return {
        base: act.fresh,
        mine: edited ? rebase(d.base, d.mine, act.fresh) : act.fresh,
        moved: news.length ? news : d.moved,
      };
    }
  }
}

/** The one draft of all tabs, and how it is saved. */
export function useSetup(loaded: Loaded) {
  const { t } = useText();
  const client = useQueryClient();
  const say = useToast();
  const may = useCan('workspace.write');
  const fresh = useMemo(() => setupOf(loaded), [loaded]);
  const [draft, act] = useReducer(step, fresh, (s): Draft => ({ base: s, mine: s, moved: [] }));
  useEffect(() => act({ do: 'arrive', fresh }), [fresh]);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const { base, mine } = draft;
  const changes = useMemo(() => diff(base, mine), [base, mine]);
  const of = (...fields: string[]) => changes.some((c) => fields.includes(c.field));

  const send = async (override: string) => {
    if (changes.some((c) => !['mode', 'languages', 'accounts'].includes(c.field))) {
      const settings = tidy(await ai.change({ ...mine.ai, version: base.ai.version }, override));
      client.setQueryData<AIState>(aiKey.state, (old) => (old ? { ...old, settings } : old));
    }
    if (of('mode', 'languages')) {
      const next = await workspace.change({
        ...(of('mode') ? { mode: mine.mode } : {}),
        ...(of('languages') ? { languages: mine.languages } : {}),
      });
      client.setQueryData<Workspace>(key.workspace, next);
    }
    for (const c of changes.filter((x) => x.field === 'accounts')) {
      const next = await channelCalls.change(c.item, { mode: mine.accounts[c.item] ?? '' });
      client.setQueryData<Page<Channel>>(key.channels, (old) =>
        old ? { ...old, items: old.items.map((x) => (x.id === next.id ? next : x)) } : old,
      );
    }
  };
  const save = async (override = '') => {
    setBusy(true);
    setProblem(null);
    try {
      await send(override);
      act({ do: 'seen' });
      say(t('app.saved'));
      void client.invalidateQueries({ queryKey: aiKey.history });
    } catch (err) {
      // Somebody else was first: what they changed arrives, and the edits stand on it.
      if (asProblem(err).code === 'settings_changed') await client.refetchQueries({ queryKey: aiKey.state });
      setProblem(err);
    } finally {
      setBusy(false);
    }
  };
  return {
    loaded,
    may,
    mine,
    base,
    changes,
    moved: draft.moved,
    busy,
    problem: changes.length ? problem : null,
    save,
    edit: (run: (s: Setup) => Setup) => act({ do: 'edit', run }),
    /** Changes some of the settings. */
    set: (part: Partial<Setup['ai']>) =>
      act({ do: 'edit', run: (s) => ({ ...s, ai: { ...s.ai, ...part } }) }),
    undo: () => {
      setProblem(null);
      act({ do: 'undo' });
    },
    seen: () => act({ do: 'seen' }),
  };
}

export type Editing = ReturnType<typeof useSetup>;
