import type { Source } from '@core/types.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Card, Chip, EmptyState, Icon, Input, Progress, Segmented, Spinner } from '@ui';
import { type ReactNode, useEffect, useState } from 'react';
import { More } from '../shell/more.tsx';
import { Answered } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { useText } from '../state/i18n.ts';
import {
  found,
  isBusy,
  kindIcon,
  kindText,
  progressOf,
  progressText,
  readAt,
  reasonText,
  type Show,
  shows,
  stands,
  stateOf,
} from './looks.ts';
import { k } from './state.ts';

const many = 6; // sources from which on one looks for them

/** Every source with its state, found by its name or by what it is at. */
export function SourceList({ add }: { add: ReactNode }) {
  const { t, language, format } = useText();
  const [show, setShow] = useState<Show>('all');
  const [words, setWords] = useState('');
  const query = useInfiniteQuery(k.sources());
  const all = query.data?.pages.flatMap((p) => p.items) ?? [];
  const looking = show !== 'all' || words.trim() !== '';
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  // Whoever looks for something looks through all of them.
  useEffect(() => {
    if (looking && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [looking, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const hits = found(all, show, words, language);
  const offered = shows.filter((x) => x === 'all' || x === show || all.some((s) => stands(s, x)));
  return (
    <>
      <p className="mb-4 max-w-160 text-ink-3">{t('knowledge.text')}</p>
      <Answered query={query}>
        {all.length === 0 ? (
          <Card>
            <EmptyState icon="book" title={t('knowledge.empty')} text={t('knowledge.empty_text')}>
              {add}
            </EmptyState>
          </Card>
        ) : (
          <>
            <div className="mb-3 flex flex-wrap items-center gap-2.5">
              {all.length >= many || looking ? (
                <Input
                  type="search"
                  aria-label={t('knowledge.find')}
                  placeholder={t('knowledge.find')}
                  value={words}
                  dir="auto"
                  onChange={(e) => setWords(e.target.value)}
                  className="max-w-72 min-w-44 flex-1"
                />
              ) : null}
              {offered.length > 1 ? (
                <div className="max-w-full overflow-x-auto [scrollbar-width:none]">
                  <Segmented
                    label={t('knowledge.show')}
                    value={show}
                    onChange={setShow}
                    choices={offered.map((x) => ({
                      value: x,
                      label: `${t(`knowledge.shows.${x}`)} ${format.number(all.filter((s) => stands(s, x)).length)}`,
                    }))}
                  />
                </div>
              ) : null}
            </div>
            <Card>
              {hits.length === 0 ? <EmptyState icon="search" title={t('knowledge.none_found')} /> : null}
              <ul aria-label={t('knowledge.sources')}>
                {hits.map((s) => (
                  <SourceRow key={s.id} source={s} />
                ))}
              </ul>
              {looking ? null : <More query={query} />}
            </Card>
          </>
        )}
      </Answered>
    </>
  );
}

export function StateChip({ source }: { source: Source }) {
  const { t } = useText();
  const look = stateOf(source);
  return (
    <span className="inline-flex flex-none items-center gap-1.5">
      {look.state === 'reading' ? <Spinner /> : null}
      <Chip tone={look.tone} icon={look.icon}>
        {t(`knowledge.state.${look.state}`)}
      </Chip>
    </span>
  );
}

export function StaleChip({ source }: { source: Source }) {
  const { t } = useText();
  if (!source.crawl?.stale) return null;
  return (
    <Chip tone="warn" icon="clock">
      {t('knowledge.stale')}
    </Chip>
  );
}

export function HeldChip({ source }: { source: Source }) {
  const { t } = useText();
  if (!source.held) return null;
  return (
    <Chip tone="warn" icon="shield">
      {t('knowledge.to_review', { count: source.held })}
    </Chip>
  );
}

function SourceRow({ source: s }: { source: Source }) {
  const { t, format } = useText();
  const now = useNow();
  const failed = s.state === 'failed' && !isBusy(s);
  const facts = [
    kindText(s, t),
    s.language ? format.language(s.language) : '',
    s.passages ? t('knowledge.passages', { count: s.passages, n: format.number(s.passages) }) : '',
  ].filter(Boolean);
  return (
    <li className="border-t border-line first:border-0">
      <Link
        to="/knowledge/{-$id}"
        params={{ id: s.id }}
        className="ring-inner flex min-h-15 items-center gap-3 px-[18px] py-2.5 hover:bg-sunken"
      >
        <span className="grid size-8 flex-none place-items-center rounded-medium bg-hover text-ink-2">
          <Icon name={kindIcon(s)} />
        </span>
        <span className="min-w-0 flex-1">
          <span dir="auto" className="block truncate align-page font-semibold">
            {s.name}
          </span>
          <span className="block truncate text-ink-3">{facts.join(' · ')}</span>
          {failed ? <span className="block text-bad">{reasonText(s, t)}</span> : null}
          {isBusy(s) ? <RowProgress source={s} /> : null}
        </span>
        <span className="flex flex-none flex-col items-end gap-1">
          <span className="flex flex-wrap justify-end gap-1.5">
            <HeldChip source={s} />
            <StaleChip source={s} />
            <StateChip source={s} />
          </span>
          <time
            dateTime={readAt(s)}
            title={format.full(readAt(s))}
            className="text-meta text-ink-3 phone:hidden"
          >
            {format.agoInWords(readAt(s), now)}
          </time>
        </span>
        <Icon name="right" size={14} className="text-ink-3 rtl:-scale-x-100" />
      </Link>
    </li>
  );
}

function RowProgress({ source }: { source: Source }) {
  const { t } = useText();
  const p = progressOf(source);
  if (!p) return null;
  return (
    <span className="mt-1 flex items-center gap-2 text-meta text-ink-2">
      {p.part !== undefined ? (
        <span className="block w-28 flex-none">
          <Progress label={t('knowledge.progress', { name: source.name })} part={p.part} />
        </span>
      ) : null}
      <span className="num truncate">{progressText(source, t)}</span>
    </span>
  );
}
