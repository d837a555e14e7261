import type { Source } from '@core/types.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Button, Card, Chip, EmptyState, Icon, type IconName, Spinner, type Tone } from '@ui';
import { useState } from 'react';
import { Answered, PageFrame } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { useCan } from '../state/desk.tsx';
import { type T, useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';
import { AddDialog } from './add.tsx';
import { SourcePage } from './source.tsx';
import { TestPanel } from './test.tsx';

const states: Record<Source['state'], { tone: Tone; icon?: IconName }> = {
  queued: { tone: 'plain', icon: 'clock' },
  reading: { tone: 'brand' },
  ready: { tone: 'ok', icon: 'check' },
  failed: { tone: 'bad', icon: 'alert' },
};

const reasons = [
  'empty',
  'too_large',
  'wrong_type',
  'password',
  'no_text_layer',
  'macro',
  'old_format',
  'damaged',
  'archive_bomb',
  'too_many_pages',
  'too_slow',
  'built_without_pdf',
  'columns_unknown',
  'reader_died',
  'no_text',
] as const;

/** Why a source could not be read, and what to do. */
export function reasonText(source: Source, t: T): string {
  const known = reasons.find((r) => r === source.reason);
  return known ? t(`source.reason.${known}`) : t('source.failed');
}

export const kindIcons: Record<Source['kind'], IconName> = { faq: 'chat', text: 'note', markdown: 'file' };

export function StateChip({ source }: { source: Source }) {
  const { t } = useText();
  const look = states[source.state];
  return (
    <span className="inline-flex flex-none items-center gap-1.5">
      {source.state === 'reading' ? <Spinner /> : null}
      <Chip tone={look.tone} icon={look.icon}>
        {t(`source.state.${source.state}`)}
      </Chip>
    </span>
  );
}

/** What the AI may say: the business's own words, and a place to try them. */
export function KnowledgeScreen() {
  const { t } = useText();
  const { id } = useParams({ from: '/desk/knowledge/{-$id}' });
  const [testing, setTesting] = useState(false);
  return (
    <main id="main" className="grid min-h-0 min-w-0 grid-cols-[minmax(0,1fr)_384px] max-[1279px]:grid-cols-1">
      {id ? (
        <SourcePage key={id} id={id} onTest={() => setTesting(true)} />
      ) : (
        <SourceList onTest={() => setTesting(true)} />
      )}
      <TestPanel open={testing} onClose={() => setTesting(false)} label={t('test.title')} />
    </main>
  );
}

function SourceList({ onTest }: { onTest: () => void }) {
  const { t } = useText();
  const may = useCan('knowledge.write');
  const [adding, setAdding] = useState(false);
  const query = useInfiniteQuery(q.sources());
  const sources = query.data?.pages.flatMap((p) => p.items) ?? [];
  const add = may ? (
    <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>
      {t('knowledge.add')}
    </Button>
  ) : null;
  return (
    <PageFrame
      title={t('nav.knowledge')}
      actions={
        <>
          <Button icon="spark" onClick={onTest} className="min-[1280px]:hidden">
            {t('test.title')}
          </Button>
          {add}
        </>
      }
    >
      <p className="mb-5 max-w-160 text-ink-3">{t('knowledge.text')}</p>
      <Answered query={query}>
        {sources.length === 0 ? (
          <Card>
            <EmptyState icon="book" title={t('knowledge.empty')} text={t('knowledge.empty_text')}>
              {add}
            </EmptyState>
          </Card>
        ) : (
          <Card>
            <ul aria-label={t('knowledge.sources')}>
              {sources.map((s) => (
                <SourceRow key={s.id} source={s} />
              ))}
            </ul>
            {query.hasNextPage ? (
              <div className="border-t border-line p-3 text-center">
                <Button
                  kind="ghost"
                  busy={query.isFetchingNextPage}
                  onClick={() => void query.fetchNextPage()}
                >
                  {t('app.more')}
                </Button>
              </div>
            ) : null}
          </Card>
        )}
      </Answered>
      {adding ? <AddDialog onClose={() => setAdding(false)} /> : null}
    </PageFrame>
  );
}

function SourceRow({ source: s }: { source: Source }) {
  const { t, format } = useText();
  const now = useNow();
  const facts = [
    t(`source.kind.${s.kind}`),
    s.language ? format.language(s.language) : '',
    s.state === 'ready' ? t('source.passages', { count: s.passages, n: format.number(s.passages) }) : '',
    format.bytes(s.bytes),
  ].filter(Boolean);
  return (
    <li className="border-t border-line first:border-0">
      <Link
        to="/knowledge/{-$id}"
        params={{ id: s.id }}
        className="ring-inner flex min-h-15 items-center gap-3 px-[18px] py-2.5 hover:bg-sunken"
      >
        <Icon name={kindIcons[s.kind]} className="text-ink-3" />
        <span className="min-w-0 flex-1">
          <span dir="auto" className="block truncate align-page font-semibold">
            {s.name}
          </span>
          {s.state === 'failed' ? (
            <span className="block truncate text-bad">{reasonText(s, t)}</span>
          ) : (
            <span className="block truncate text-ink-3">{facts.join(' · ')}</span>
          )}
        </span>
        <time
          dateTime={s.updated_at}
          title={format.full(s.updated_at)}
          className="flex-none text-meta text-ink-3 phone:hidden"
        >
          {format.agoInWords(s.updated_at, now)}
        </time>
        <StateChip source={s} />
        <Icon name="right" size={14} className="text-ink-3 rtl:-scale-x-100" />
      </Link>
    </li>
  );
}
