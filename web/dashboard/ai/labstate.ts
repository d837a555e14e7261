import { type LabRun, type LabTest, lab, type Trial } from '@core/lab.ts';
import { asProblem } from '@core/problem.ts';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useToast } from '@ui';
import { useEffect, useRef, useState } from 'react';
import { problemText, useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';

const often = 1_000; // ms between two looks at what goes on

export const labKey = {
  all: ['lab'],
  tests: ['lab', 'tests'],
  runs: ['lab', 'runs'],
  bias: ['lab', 'bias'],
};

const running = (runs: LabRun[] | undefined) => runs?.[0]?.state === 'running';

export const labQuery = {
  tests: () =>
    queryOptions({ queryKey: labKey.tests, queryFn: ({ signal }) => lab.tests({ signal }), staleTime: 0 }),
  runs: () =>
    queryOptions({
      queryKey: labKey.runs,
      queryFn: async ({ signal }) => (await lab.runs({ signal })).items,
      staleTime: 0,
      refetchInterval: (x) => (running(x.state.data) ? often : false),
    }),
  results: (run: LabRun) =>
    queryOptions({
      queryKey: ['lab', 'results', run.id, run.state],
      queryFn: ({ signal }) => lab.results(run.id, { signal }),
      staleTime: 0,
      gcTime: 0, // it holds what people asked
    }),
  bias: () =>
    queryOptions({ queryKey: labKey.bias, queryFn: ({ signal }) => lab.bias({ signal }), staleTime: 0 }),
  numbers: (days: number) =>
    queryOptions({
      queryKey: ['lab', 'numbers', days],
      queryFn: ({ signal }) => lab.numbers(days, { signal }),
      staleTime: 60_000,
    }),
};

/** What a comparison tried: nothing but what holds, or a change. */
export const isTrial = (r: LabRun) => r.settings || r.hidden > 0;

/** The comparisons, how to begin one, and how to end it. */
export function useRuns() {
  const { t } = useText();
  const client = useQueryClient();
  const say = useToast();
  const attempt = useTry();
  const query = useQuery(labQuery.runs());
  const [busy, setBusy] = useState(false);
  const runs = query.data ?? [];
  const now = running(runs) ? runs[0] : undefined;
  const was = useRef('');
  useEffect(() => {
    // What ended has judged tests and changed their list.
    if (was.current && !now) void client.invalidateQueries({ queryKey: labKey.tests });
    was.current = now?.id ?? '';
  }, [now, client]);
  const put = (run: LabRun) =>
    client.setQueryData<LabRun[]>(labKey.runs, (old = []) => [run, ...old.filter((x) => x.id !== run.id)]);
  const begin = async (trial: Trial) => {
    setBusy(true);
    try {
      put(await lab.begin(trial));
    } catch (err) {
      const { code } = asProblem(err);
      say(
        code === 'lab_busy'
          ? t('evaluate.busy')
          : code === 'nothing_to_ask'
            ? t('evaluate.nothing_to_ask')
            : problemText(t, err),
        { bad: true },
      );
    } finally {
      setBusy(false);
      void client.invalidateQueries({ queryKey: labKey.runs });
    }
  };
  const cancel = () =>
    attempt(async () => {
      if (!now) return;
      await lab.cancel(now.id);
      await client.invalidateQueries({ queryKey: labKey.runs });
    });
  return { query, runs, now, busy, begin, cancel };
}

export type Runs = ReturnType<typeof useRuns>;

export function useTests() {
  const query = useQuery(labQuery.tests());
  return { query, tests: query.data ?? ([] as LabTest[]) };
}
