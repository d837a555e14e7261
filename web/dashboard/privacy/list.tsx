import { type Case, cases } from '@core/cases.ts';
import type { Page } from '@core/types.ts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Card, Chip, EmptyState, patient, Segmented } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { More } from '../shell/more.tsx';
import { Answered } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { casesKey, daysLeft, figuresQuery, stateText, toneOf, waits } from './state.ts';

const NewCase = lazy(patient(() => import('./newcase.tsx')));
const next = (page: Page<unknown>) => page.next || undefined;

/** Requests by what is due first to look at: those that wait, or all. */
export function CaseList() {
  const { t } = useText();
  const may = useCan('case.write');
  const [state, setState] = useState<'waiting' | ''>('waiting');
  const [adding, setAdding] = useState(false);
  const query = useInfiniteQuery({
    queryKey: [...casesKey, 'list', state],
    queryFn: ({ pageParam, signal }) => cases.list(state, pageParam, { signal }),
    initialPageParam: '',
    getNextPageParam: next,
    staleTime: 0,
  });
  const rows = query.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <>
      <Figures />
      <Card
        title={t('request.list')}
        text={t('request.list_text')}
        action={
          may ? (
            <Button size="s" icon="plus" onClick={() => setAdding(true)}>
              {t('request.add')}
            </Button>
          ) : null
        }
      >
        <div className="px-[18px] pb-3">
          <Segmented
            label={t('request.show')}
            value={state || 'all'}
            onChange={(v) => setState(v === 'waiting' ? v : '')}
            choices={[
              { value: 'waiting', label: t('request.waiting') },
              { value: 'all', label: t('request.all') },
            ]}
          />
        </div>
        <Answered query={query}>
          {rows.length === 0 ? (
            <EmptyState
              icon="shield"
              title={t(state ? 'request.none_waiting' : 'request.none')}
              text={t('request.none_text')}
            />
          ) : null}
          <ul aria-label={t('request.list')}>
            {rows.map((c) => (
              <CaseRow key={c.id} c={c} />
            ))}
          </ul>
          <More query={query} />
        </Answered>
      </Card>
      <Suspense>{adding ? <NewCase onClose={() => setAdding(false)} /> : null}</Suspense>
    </>
  );
}

function Figures() {
  const { t, format } = useText();
  const { data } = useQuery(figuresQuery);
  if (!data) return null;
  const shown = [
    ['waiting', data.waiting, ''],
    ['proving', data.proving, ''],
    ['week', data.due_in_7_days, data.due_in_7_days ? 'text-warn' : ''],
    ['overdue', data.overdue, data.overdue ? 'text-bad' : ''],
  ] as const;
  return (
    <dl className="mb-5 grid grid-cols-4 gap-3 phone:grid-cols-2">
      {shown.map(([name, n, tone]) => (
        <div key={name} className="rounded-large border border-line bg-surface px-[18px] py-3">
          <dt className="text-meta text-ink-3">{t(`request.figure_${name}`)}</dt>
          <dd className={`num text-page weight-650 ${tone}`}>{format.number(n)}</dd>
        </div>
      ))}
    </dl>
  );
}

function CaseRow({ c }: { c: Case }) {
  const { t, format } = useText();
  return (
    <li className="border-t border-line px-[18px] py-2.5 has-[a:hover]:bg-hover">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-1.5">
        <span className="min-w-48 flex-1">
          {c.person ? (
            <Link
              to="/data-rights/{-$tab}/{-$id}"
              params={{ tab: 'requests', id: c.id }}
              className="font-medium underline-offset-2 hover:underline"
            >
              {c.words}
            </Link>
          ) : (
            <span className="font-medium">{c.words}</span>
          )}
          {(c.matched ?? []).map((m) => (
            <span key={m.name} className="block text-ink-2">
              {m.words}
            </span>
          ))}
          <span className="num block text-ink-3">
            {[t('request.no', { no: c.id }), format.full(c.opened_at)].join(' · ')}
          </span>
        </span>
        <Due c={c} />
        <Chip tone={toneOf(c)}>{t(stateText(c))}</Chip>
      </div>
    </li>
  );
}

/** How long there is still to answer. */
export function Due({ c }: { c: Case }) {
  const { t, format } = useText();
  const now = useNow();
  if (!waits(c)) return null;
  const left = daysLeft(c, now);
  return (
    <Chip tone={left < 0 ? 'bad' : left < 7 ? 'warn' : 'plain'} icon="clock" title={format.full(c.due_at)}>
      {left < 0 ? t('request.overdue') : t('request.left', { count: left })}
    </Chip>
  );
}
