import { moved, type Roving } from '@core/roving.ts';
import type { Conversation, View } from '@core/types.ts';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Button, EmptyState, ErrorState, Later, Skeleton } from '@ui';
import { type KeyboardEvent, memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { useNow } from '../state/box.ts';
import { problemText, useDesk } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { ConversationRow, type Mark, marks, type RowProps, rowHeight } from './row.tsx';

const none: Mark[] = [];

export type Rows = {
  items: Conversation[];
  isPending: boolean;
  error: unknown;
  hasMore: boolean;
  loadMore: () => void;
  reload: () => void;
};

type ListProps = {
  rows: Rows;
  view: View;
  search: string;
  openId: string;
  roving: Roving;
  setRoving: (next: Roving) => void;
  onOpen: (id: string) => void;
};

/** The conversations of a view: only rows in sight exist, the cursor may be anywhere. */
export function ConversationList({ rows, view, search, openId, roving, setRoving, onOpen }: ListProps) {
  const { t } = useText();
  const { me } = useDesk();
  const now = useNow();
  const { items } = rows;
  const box = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => items.map((c) => marks(c, t, me.member.id)), [items, t, me.member.id]);
  const getItemKey = useCallback((i: number) => items[i]?.id ?? i, [items]);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: (i) => {
      const c = items[i];
      return c ? rowHeight(c, (shown[i]?.length ?? 0) > 0) : 90;
    },
    getItemKey,
    overscan: 8,
  });
  const seen = virtual.getVirtualItems();
  const lastSeen = seen.at(-1)?.index ?? 0;
  const { hasMore, loadMore } = rows;
  useEffect(() => {
    if (hasMore && lastSeen >= items.length - 12) loadMore();
  }, [hasMore, lastSeen, items.length, loadMore]);

  const ids = useMemo(() => items.map((c) => c.id), [items]);
  const at = ids.indexOf(roving.cursor);
  // Every height is known, so where to scroll is reckoned and not asked of the
  // page: asking makes the browser lay everything out anew on each key.
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows that move under the cursor must not pull the list
  useLayoutEffect(() => {
    const row = at < 0 ? undefined : virtual.measurementsCache[at];
    const height = virtual.scrollRect?.height ?? 0;
    if (!row || !height || !box.current) return;
    const top = virtual.scrollOffset ?? 0;
    if (row.start < top) box.current.scrollTop = row.start;
    else if (row.end > top + height) box.current.scrollTop = row.end - height;
  }, [roving.cursor]);

  const onKeyDown = (e: KeyboardEvent) => {
    const far: Record<string, number> = { PageDown: 6, PageUp: -6, Home: -ids.length, End: ids.length };
    const by = far[e.key];
    if (by === undefined) return;
    e.preventDefault();
    setRoving({ ...roving, cursor: moved(ids, roving.cursor, by) });
  };

  if (rows.isPending) return <Later>{<SkeletonRows label={t('app.loading')} />}</Later>;
  if (rows.error && items.length === 0) {
    return (
      <ErrorState title={t('error.title')} text={problemText(t, rows.error)}>
        <Button icon="refresh" onClick={rows.reload}>
          {t('app.again')}
        </Button>
      </ErrorState>
    );
  }
  if (items.length === 0) return <Nothing view={view} search={search} />;

  const rendered = seen.some((v) => v.index === at);
  return (
    <div
      ref={box}
      role="listbox"
      tabIndex={0}
      aria-label={t('inbox.conversations')}
      aria-multiselectable="true"
      aria-activedescendant={rendered ? `row-${roving.cursor}` : undefined}
      onKeyDown={onKeyDown}
      className="group/list min-h-0 flex-1 overflow-auto [contain:strict] focus-visible:shadow-none"
    >
      <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
        {seen.map((v) => {
          const c = items[v.index];
          if (!c) return null;
          return (
            <Option
              key={v.key}
              c={c}
              marks={shown[v.index] ?? none}
              now={now}
              place={v.index + 1}
              of={hasMore ? -1 : items.length}
              start={v.start}
              size={v.size}
              open={c.id === openId}
              cursor={c.id === roving.cursor}
              ticked={roving.ticked.has(c.id)}
              ticking={roving.ticked.size > 0}
              onOpen={onOpen}
            />
          );
        })}
      </div>
    </div>
  );
}

type OptionProps = RowProps & {
  place: number;
  of: number;
  start: number;
  size: number;
  onOpen: (id: string) => void;
};

/** A row in its place; it is drawn anew only when something about it changes. */
const Option = memo(function Option({ place, of, start, size, onOpen, ...row }: OptionProps) {
  const { c, open, ticked, ticking } = row;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox hears the keys for its rows
    <div
      id={`row-${c.id}`}
      role="option"
      tabIndex={-1}
      aria-selected={ticking ? ticked : open}
      aria-setsize={of}
      aria-posinset={place}
      onClick={() => onOpen(c.id)}
      className="group absolute inset-x-0 top-0 cursor-pointer [contain:strict]"
      style={{ height: size, transform: `translateY(${start}px)` }}
    >
      <ConversationRow {...row} />
    </div>
  );
});

function SkeletonRows({ label }: { label: string }) {
  return (
    <div role="status" className="min-h-0 flex-1 overflow-hidden">
      <span className="sr-only">{label}</span>
      {Array.from({ length: 8 }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: eight equal rows
        <div key={i} className="flex gap-2.5 border-b border-line px-3.5 py-[11px]">
          <Skeleton className="size-8 rounded-[10px]!" />
          <div className="flex flex-1 flex-col gap-2 pt-1">
            <Skeleton className="h-3 w-2/5" />
            <Skeleton className="h-3 w-4/5" />
            <Skeleton className="h-4 w-24" />
          </div>
        </div>
      ))}
    </div>
  );
}

function Nothing({ view, search }: { view: View; search: string }) {
  const { t } = useText();
  if (search)
    return <EmptyState icon="search" title={t('inbox.none_found')} text={t('inbox.none_found_text')} />;
  const icon = view === 'ai' ? 'spark' : view === 'snoozed' ? 'clock' : 'check';
  return <EmptyState icon={icon} title={t(`empty.${view}.title`)} text={t(`empty.${view}.text`)} />;
}
