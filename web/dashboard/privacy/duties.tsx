import { type Duty, duties } from '@core/duties.ts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Card, Chip, EmptyState, Icon, type IconName } from '@ui';
import { useState } from 'react';
import { Answered } from '../shell/page.tsx';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { NewDutyDialog } from './newduty.tsx';
import { dutiesKey } from './state.ts';

const icons: Record<Duty['kind'], IconName> = {
  access: 'key',
  assessment: 'shield',
  interests: 'shield',
  notice: 'book',
  training: 'book',
  agreement: 'lock',
  drill: 'refresh',
};

/** What is owed to data protection, the most urgent first, and below it what was signed. */
export function Duties() {
  const { t } = useText();
  const may = useCan('case.write');
  const [adding, setAdding] = useState(false);
  const query = useQuery({
    queryKey: [...dutiesKey, 'open'],
    queryFn: ({ signal }) => duties.open({ signal }),
    staleTime: 0,
  });
  const all = query.data?.items ?? [];
  return (
    <>
      <Card
        title={t('duty.title')}
        text={t('duty.text')}
        action={
          may ? (
            <Button size="s" icon="plus" onClick={() => setAdding(true)}>
              {t('duty.add')}
            </Button>
          ) : null
        }
      >
        <Answered query={query}>
          {all.length === 0 ? (
            <EmptyState icon="check" title={t('duty.none')} text={t('duty.none_text')} />
          ) : (
            <List label={t('duty.title')} all={all} />
          )}
        </Answered>
      </Card>
      <Signed />
      {adding ? <NewDutyDialog onClose={() => setAdding(false)} /> : null}
    </>
  );
}

function Signed() {
  const { t } = useText();
  const query = useInfiniteQuery({
    queryKey: [...dutiesKey, 'done'],
    queryFn: ({ pageParam, signal }) => duties.done(pageParam, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => (page.items.length === 50 ? page.items[49]?.id : undefined),
    staleTime: 0,
  });
  const all = query.data?.pages.flatMap((p) => p.items) ?? [];
  if (query.isSuccess && all.length === 0) return null;
  return (
    <Card title={t('duty.done')} text={t('duty.done_text')}>
      <Answered query={query}>
        <List label={t('duty.done')} all={all} />
        {query.hasNextPage ? (
          <div className="border-t border-line px-[18px] py-3">
            <Button size="s" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t('duty.more')}
            </Button>
          </div>
        ) : null}
      </Answered>
    </Card>
  );
}

function List({ label, all }: { label: string; all: Duty[] }) {
  return (
    <ul aria-label={label}>
      {all.map((d) => (
        <li key={d.id}>
          <One d={d} />
        </li>
      ))}
    </ul>
  );
}

function One({ d }: { d: Duty }) {
  const { t, format } = useText();
  const text =
    d.state === 'done'
      ? t('duty.signed_by', {
          name: d.signed_by || t('duty.left'),
          when: d.done_at ? format.date(d.done_at) : '',
        })
      : d.every_days
        ? t('duty.again', { n: format.number(d.every_days) })
        : t('duty.once');
  return (
    <Link
      to="/data-rights/{-$tab}/{-$id}"
      params={{ tab: 'records', id: d.id }}
      className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-t border-line px-[18px] py-3 hover:bg-hover"
    >
      <span className="grid size-8 flex-none place-items-center rounded-medium bg-sunken text-ink-2">
        <Icon name={icons[d.kind]} />
      </span>
      <span className="min-w-40 flex-1">
        <span className="block font-medium break-words" dir="auto">
          {dutyTitle(t, d)}
        </span>
        <span className="block break-words text-ink-3">{text}</span>
      </span>
      <DueChip d={d} />
    </Link>
  );
}

/** What a duty is called: its own title with whom it is about, else its kind. */
export function dutyTitle(t: ReturnType<typeof useText>['t'], d: Duty): string {
  const title = d.title ? `${t(`duty.kind.${d.kind}`)}: ${d.title}` : t(`duty.kind.${d.kind}`);
  return d.person ? `${title} · ${d.person}` : title;
}

const soon = 14 * 24 * 3_600_000;

export function DueChip({ d }: { d: Duty }) {
  const { t, format } = useText();
  if (d.state === 'done') return <Chip tone="ok">{t('duty.signed')}</Chip>;
  const when = format.date(d.due_at);
  if (d.overdue)
    return (
      <Chip tone="bad" icon="clock">
        {t('duty.late', { when })}
      </Chip>
    );
  return (
    <Chip tone={Date.parse(d.due_at) - Date.now() < soon ? 'warn' : 'plain'} icon="clock">
      {t('duty.due', { when })}
    </Chip>
  );
}
