import type { Need, View } from '@core/types.ts';
import { views } from '@core/views.ts';
import { Button, IconButton, Input, Select } from '@ui';
import { memo, useEffect, useRef } from 'react';
import { countText, useCounts } from '../shell/nav.tsx';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import type { Ask } from './thread.tsx';

export type Filter = 'every' | Extract<Need, 'draft_ready' | 'handed_over'>;

export const ListHead = memo(function ListHead({
  view,
  search,
  setSearch,
  onView,
}: {
  view: View;
  search: string | null;
  setSearch: (text: string | null) => void;
  onView: (v: View) => void;
}) {
  const { t, format } = useText();
  const counts = useCounts();
  const field = useRef<HTMLInputElement>(null);
  const searching = search !== null;
  useEffect(() => {
    if (searching) field.current?.focus();
  }, [searching]);
  const n = view === 'closed' || view === 'all' ? 0 : (counts?.[view] ?? 0);
  return (
    <header className="flex h-[52px] flex-none items-center gap-2 border-b border-line ps-4 pe-3">
      {searching ? (
        <>
          <Input
            ref={field}
            type="search"
            value={search}
            onChange={(e) => setSearch(e.target.value)}
            onKeyDown={(e) => {
              if (e.key === 'Escape') setSearch(null);
            }}
            aria-label={t('inbox.search')}
            placeholder={t('inbox.search')}
          />
          <IconButton icon="x" label={t('inbox.search_leave')} onClick={() => setSearch(null)} />
        </>
      ) : (
        <>
          <h2 className="text-title tracking-[-0.01em] weight-650 phone:sr-only">{t(`view.${view}`)}</h2>
          {n ? (
            <span className="num text-ink-3 phone:hidden">{countText(n, (x) => format.number(x))}</span>
          ) : null}
          <Select
            aria-label={t('inbox.view')}
            value={view}
            onChange={(e) => onView(e.target.value as View)}
            className="hidden! flex-1 phone:block!"
          >
            {[...views, ...(view === 'all' ? (['all'] as const) : [])].map((v) => (
              <option key={v} value={v}>
                {t(`view.${v}`)}
              </option>
            ))}
          </Select>
          <span className="flex-1 phone:hidden" />
          <IconButton icon="search" label={t('keys.search')} keys="s" onClick={() => setSearch('')} />
        </>
      )}
    </header>
  );
});

export const Filters = memo(function Filters({
  filter,
  onChange,
}: {
  filter: Filter;
  onChange: (f: Filter) => void;
}) {
  const { t } = useText();
  const choices: { value: Filter; label: string }[] = [
    { value: 'every', label: t('inbox.filter_all') },
    { value: 'draft_ready', label: t('inbox.filter_drafts') },
    { value: 'handed_over', label: t('inbox.filter_handed_over') },
  ];
  return (
    <div
      role="group"
      aria-label={t('inbox.filter')}
      className="flex flex-none gap-1 overflow-x-auto border-b border-line px-3 py-2"
    >
      {choices.map((c) => (
        <button
          key={c.value}
          type="button"
          aria-pressed={filter === c.value}
          onClick={() => onChange(c.value)}
          className="ring-inner h-[26px] rounded-small px-[9px] font-medium whitespace-nowrap text-ink-2 aria-pressed:bg-hover aria-pressed:font-semibold aria-pressed:text-ink phone:h-9"
        >
          {c.label}
        </button>
      ))}
    </div>
  );
});

export function Bulk({
  count,
  onClose,
  onAsk,
  onClear,
}: {
  count: number;
  onClose: () => void;
  onAsk: (a: Ask) => void;
  onClear: () => void;
}) {
  const { t } = useText();
  const may = useCan('conversation.reply');
  return (
    <div
      role="toolbar"
      aria-label={t('inbox.selection')}
      className="flex flex-none items-center gap-1 border-b border-line bg-brand-soft px-3 py-1.5"
    >
      <span role="status" className="flex-1 font-semibold text-brand-ink">
        {t('inbox.selected', { count })}
      </span>
      {may ? (
        <>
          <IconButton
            icon="user"
            label={t('inbox.assign_many')}
            keys="a"
            size="s"
            onClick={() => onAsk('assign')}
          />
          <IconButton
            icon="clock"
            label={t('inbox.snooze_many')}
            keys="h"
            size="s"
            onClick={() => onAsk('snooze')}
          />
          <Button size="s" icon="check" onClick={onClose}>
            {t('thread.close')}
          </Button>
        </>
      ) : null}
      <IconButton icon="x" label={t('inbox.clear')} keys="esc" size="s" onClick={onClear} />
    </div>
  );
}
