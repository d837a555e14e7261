import { type Incident, type IncidentsOf, incidentNews, incidents } from '@core/incidents.ts';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Banner, Button, Card, Chip, EmptyState, patient } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { More } from '../shell/more.tsx';
import { Answered } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import type { Start } from './open.tsx';
import { drillQuery, hoursLeft, incidentsKey, toneOf, useMay, waits } from './state.ts';

const Open = lazy(patient(() => import('./open.tsx')));
const One = lazy(patient(() => import('./incident.tsx')));

/** The desk for what went wrong with people's data: the register, or one incident of it. */
export default function BreachDesk({
  of,
  id,
  onShow,
}: {
  of: IncidentsOf;
  id: string | undefined;
  onShow: (id: string | undefined) => void;
}) {
  return (
    <Suspense>
      {id ? (
        <One key={id} of={of} id={id} onBack={() => onShow(undefined)} />
      ) : (
        <Register of={of} onShow={onShow} />
      )}
    </Suspense>
  );
}

function Register({ of, onShow }: { of: IncidentsOf; onShow: (id: string) => void }) {
  const { t } = useText();
  const may = useMay(of);
  const [start, setStart] = useState<Start | null>(null);
  const query = useInfiniteQuery({
    queryKey: [...incidentsKey(of), 'list'],
    queryFn: ({ pageParam, signal }) => incidents(of).list(pageParam, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next || undefined,
    staleTime: 0,
  });
  const rows = query.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <>
      <DrillState of={of} onStart={may ? () => setStart({ drill: true }) : undefined} />
      {of === 'workspace' ? <News onOpen={may ? (notice) => setStart({ notice }) : undefined} /> : null}
      <Card
        title={t('breach.list')}
        text={t(`breach.list_${of}`)}
        action={
          <>
            {rows.length ? <Export of={of} /> : null}
            {may ? (
              <Button size="s" kind="primary" icon="plus" onClick={() => setStart({})}>
                {t('breach.open')}
              </Button>
            ) : null}
          </>
        }
      >
        <Answered query={query}>
          {rows.length === 0 ? (
            <EmptyState icon="shield" title={t('breach.none')} text={t('breach.none_text')} />
          ) : null}
          <ul aria-label={t('breach.list')}>
            {rows.map((i) => (
              <Line key={i.id} i={i} onShow={() => onShow(i.id)} />
            ))}
          </ul>
          <More query={query} />
        </Answered>
      </Card>
      <Suspense>
        {start ? (
          <Open
            of={of}
            start={start}
            onClose={() => setStart(null)}
            onOpened={(id) => {
              setStart(null);
              onShow(id);
            }}
          />
        ) : null}
      </Suspense>
    </>
  );
}

function Line({ i, onShow }: { i: Incident; onShow: () => void }) {
  const { t, format } = useText();
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1.5 border-t border-line px-[18px] py-2.5 has-[button:hover]:bg-hover">
      <span className="min-w-48 flex-1">
        <button
          type="button"
          dir="auto"
          onClick={onShow}
          className="text-start font-medium underline-offset-2 hover:underline"
        >
          {i.title}
        </button>
        <span className="num block text-ink-3">
          {[
            t('breach.no', { no: i.id }),
            format.full(i.opened_at),
            i.persons ? t('breach.persons', { count: i.persons }) : '',
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </span>
      <Marks i={i} />
    </li>
  );
}

/** How an incident stands: a drill or not, its clock, its state. */
export function Marks({ i }: { i: Incident }) {
  const { t, format } = useText();
  const now = useNow();
  const left = hoursLeft(i, now);
  return (
    <span className="flex flex-wrap gap-1.5">
      {i.drill ? <Chip tone="ai">{t('breach.drill')}</Chip> : null}
      {waits(i) && i.due_at ? (
        <Chip
          tone={left < 0 ? 'bad' : left < 24 ? 'warn' : 'plain'}
          icon="clock"
          title={format.full(i.due_at)}
        >
          {left < 0 ? t('breach.over', { count: -left }) : t('breach.left', { count: left })}
        </Chip>
      ) : null}
      {waits(i) && !i.due_at ? (
        <Chip tone="warn" icon="clock">
          {t('breach.no_clock')}
        </Chip>
      ) : null}
      {!waits(i) && i.late ? <Chip tone="bad">{t('breach.late')}</Chip> : null}
      {i.risk ? (
        <Chip tone={i.risk === 'high' ? 'bad' : i.risk === 'likely' ? 'warn' : 'ok'}>
          {t(`breach.risk.${i.risk as 'high'}`)}
        </Chip>
      ) : null}
      <Chip tone={toneOf(i)}>{t(`breach.state.${i.state}`)}</Chip>
    </span>
  );
}

/** When an incident was last rehearsed; the law's year is kept by a record, not by memory. */
function DrillState({ of, onStart }: { of: IncidentsOf; onStart: (() => void) | undefined }) {
  const { t, format } = useText();
  const { data } = useQuery(drillQuery(of));
  if (!data) return null;
  const last = data.last_at
    ? t('breach.drilled', { when: format.date(data.last_at) })
    : t('breach.never_drilled');
  return (
    <Banner
      box
      className="mb-5"
      tone={data.overdue ? 'warn' : 'info'}
      icon={data.overdue ? 'alert' : 'refresh'}
      action={
        onStart ? (
          <Button size="s" onClick={onStart}>
            {t('breach.start_drill')}
          </Button>
        ) : null
      }
    >
      {last} {t(data.overdue ? 'breach.drill_over' : 'breach.drill_due', { when: format.date(data.due_at) })}
    </Banner>
  );
}

/** What whoever runs the install told the business. */
function News({ onOpen }: { onOpen: ((notice: string) => void) | undefined }) {
  const { t, format } = useText();
  const { data } = useQuery({
    queryKey: [...incidentsKey('workspace'), 'news'],
    queryFn: ({ signal }) => incidentNews({ signal }),
    staleTime: 0,
  });
  if (!data?.items.length) return null;
  return (
    <Card title={t('breach.news')} text={t('breach.news_text')}>
      <ul>
        {data.items.map((n) => (
          <li key={n.id} className="border-t border-line px-[18px] py-3">
            <p className="num text-ink-3">{format.full(n.at)}</p>
            <p dir="auto" className="mt-1 whitespace-pre-line">
              {n.text}
            </p>
            {onOpen ? (
              <Button size="s" className="mt-2.5" onClick={() => onOpen(n.id)}>
                {t('breach.open_from_news')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Export({ of }: { of: IncidentsOf }) {
  const { t } = useText();
  const attempt = useTry();
  const client = useQueryClient();
  const save = async () => {
    const file = await attempt(() => incidents(of).export());
    if (!file) return;
    const url = URL.createObjectURL(file);
    const a = document.createElement('a');
    a.href = url;
    a.download = 'incidents.csv';
    a.click();
    URL.revokeObjectURL(url);
    void client.invalidateQueries({ queryKey: incidentsKey(of) });
  };
  return (
    <Button size="s" icon="load" onClick={() => void save()}>
      {t('breach.export')}
    </Button>
  );
}
