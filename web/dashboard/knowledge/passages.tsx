import { passages as calls, type PassageState } from '@core/knowledge.ts';
import type { Passage, Source } from '@core/types.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Card, Chip, EmptyState, IconButton, patient, Segmented } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { More } from '../shell/more.tsx';
import { Answered } from '../shell/page.tsx';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Items } from './items.tsx';
import { PassageWords, ReviewList } from './review.tsx';
import { k } from './state.ts';
import { useTend } from './tend.ts';

const PassageDialog = lazy(patient(() => import('./passage.tsx')));

type Listed = '' | Exclude<PassageState, 'held'>;
const lists: Listed[] = ['', 'edited', 'hidden'];

/** What was read out of a source, piece by piece. What is held back for review comes first. */
export function Passages({ source }: { source: Source }) {
  const { t, format } = useText();
  const [list, setList] = useState<Listed>('');
  const [open, setOpen] = useState<Passage | null>(null);
  const held = useInfiniteQuery(k.passages(source.id, 'held'));
  const query = useInfiniteQuery(k.passages(source.id, list));
  const waiting = (held.data?.pages.flatMap((p) => p.items) ?? []).filter((p) => !p.hidden);
  const all = query.data?.pages.flatMap((p) => p.items) ?? [];
  const shown = all.filter((p) => !p.quarantined || p.hidden);
  const table = source.kind === 'catalogue' && list === '';
  return (
    <>
      {waiting.length ? (
        <Card title={t('knowledge.review_title')} text={t('knowledge.review_text')}>
          <ReviewList passages={waiting} onOpen={(id) => setOpen(waiting.find((p) => p.id === id) ?? null)} />
          <More query={held} />
        </Card>
      ) : null}
      <Answered query={query}>
        <Card
          title={source.kind === 'catalogue' ? t('knowledge.items_title') : t('knowledge.passages_title')}
          text={t('knowledge.passages', { count: source.passages, n: format.number(source.passages) })}
          action={
            <Segmented<Exclude<Listed, ''> | 'all'>
              label={t('knowledge.show')}
              value={list || 'all'}
              onChange={(v) => setList(v === 'all' ? '' : v)}
              choices={lists.map((x) => ({ value: x || 'all', label: t(`knowledge.list.${x || 'all'}`) }))}
            />
          }
        >
          {shown.length === 0 && !query.hasNextPage ? (
            <EmptyState icon="book" title={list ? t('knowledge.none_found') : t('knowledge.no_passages')} />
          ) : null}
          {table ? (
            <Items passages={shown} onOpen={setOpen} />
          ) : (
            <ol>
              {shown.map((p) => (
                <PassageRow key={p.id} p={p} onOpen={() => setOpen(p)} />
              ))}
            </ol>
          )}
          <More query={query} />
        </Card>
      </Answered>
      <Suspense>{open ? <PassageDialog passage={open} onClose={() => setOpen(null)} /> : null}</Suspense>
    </>
  );
}

function PassageRow({ p, onOpen }: { p: Passage; onOpen: () => void }) {
  const { format } = useText();
  return (
    <li className="grid grid-cols-[32px_minmax(0,1fr)_auto] gap-x-2 border-t border-line px-[18px] py-3">
      <span className="num text-ink-3">{format.number(p.n)}</span>
      <div className="min-w-0">
        <PassageWords p={p} />
        <Marks p={p} />
      </div>
      <PassageActs p={p} onOpen={onOpen} />
    </li>
  );
}

export function Marks({ p }: { p: Passage }) {
  const { t } = useText();
  if (!p.hidden && !p.edited) return null;
  return (
    <span className="mt-1.5 flex flex-wrap gap-1.5">
      {p.hidden ? <Chip icon="lock">{t('knowledge.hidden')}</Chip> : null}
      {p.quarantined ? (
        <Chip tone="warn" icon="shield">
          {t('knowledge.held')}
        </Chip>
      ) : null}
      {p.edited ? <Chip icon="pen">{t('knowledge.edited')}</Chip> : null}
    </span>
  );
}

/** What can be done to one passage: edit it, hide it, have it as it was read. */
export function PassageActs({ p, onOpen }: { p: Passage; onOpen: () => void }) {
  const { t } = useText();
  const may = useCan('knowledge.write');
  const tend = useTend();
  const name = p.question || p.heading || `${p.n}`;
  if (!may) return null;
  return (
    <span className="flex flex-none items-start">
      <IconButton
        icon="pen"
        size="s"
        label={t('knowledge.edit_named', { name })}
        tip={t('knowledge.edit')}
        onClick={onOpen}
      />
      {p.hidden ? (
        <IconButton
          icon="eye"
          size="s"
          label={t('knowledge.unhide_named', { name })}
          tip={t('knowledge.unhide')}
          onClick={() =>
            void tend(p, () => calls.change(p.id, { hidden: false }), t('knowledge.shown_again'))
          }
        />
      ) : (
        <IconButton
          icon="lock"
          size="s"
          label={t('knowledge.hide_named', { name })}
          tip={t('knowledge.hide')}
          onClick={() => void tend(p, () => calls.change(p.id, { hidden: true }), t('knowledge.kept_hidden'))}
        />
      )}
      {p.edited ? (
        <IconButton
          icon="undo"
          size="s"
          label={t('knowledge.restore_named', { name })}
          tip={t('knowledge.restore')}
          onClick={() => void tend(p, () => calls.restore(p.id), t('knowledge.restored'))}
        />
      ) : null}
    </span>
  );
}
