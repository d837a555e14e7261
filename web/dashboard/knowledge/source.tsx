import { knowledge } from '@core/api.ts';
import { safeUrl } from '@core/format.ts';
import { key } from '@core/merge.ts';
import type { Passage, Source } from '@core/types.ts';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Banner, Button, Card, Chip, EmptyState, IconButton, patient, Spinner } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { Confirm } from '../shell/confirm.tsx';
import { Answered, PageFrame } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';
import { reasonText, StateChip } from './screen.tsx';

const EditDialog = lazy(patient(() => import('./edit.tsx')));

/** One source and what was read out of it. */
export function SourcePage({ id, onTest }: { id: string; onTest: () => void }) {
  const { t, format } = useText();
  const now = useNow();
  const may = useCan('knowledge.write');
  const client = useQueryClient();
  const navigate = useNavigate();
  const [removing, setRemoving] = useState(false);
  const [editing, setEditing] = useState(false);
  const query = useQuery(q.source(id));
  const s = query.data;
  return (
    <PageFrame
      title={s?.name ?? t('nav.knowledge')}
      before={<BackLink />}
      actions={
        <>
          <Button icon="spark" onClick={onTest} className="min-[1280px]:hidden">
            {t('test.title')}
          </Button>
          {may && s ? (
            <>
              <Button icon="pen" onClick={() => setEditing(true)}>
                {t('source.edit')}
              </Button>
              <Button kind="danger" icon="trash" onClick={() => setRemoving(true)}>
                {t('app.delete')}
              </Button>
            </>
          ) : null}
        </>
      }
    >
      <Answered query={query}>
        {s ? (
          <>
            <div className="mb-5 flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-3">
              <StateChip source={s} />
              <span>{t(`source.kind.${s.kind}`)}</span>
              {s.language ? <span>{format.language(s.language)}</span> : null}
              <span>{format.bytes(s.bytes)}</span>
              <span>{t('source.changed', { when: format.agoInWords(s.updated_at, now) })}</span>
              {safeUrl(s.url) ? (
                <a
                  href={safeUrl(s.url)}
                  target="_blank"
                  rel="noreferrer noopener"
                  className="truncate text-brand-ink underline underline-offset-2"
                >
                  {s.url.replace(/^https?:\/\//, '')}
                </a>
              ) : null}
            </div>
            {s.state === 'failed' ? (
              <Banner tone="bad" icon="alert" box className="mb-5">
                {reasonText(s, t)}
              </Banner>
            ) : null}
            {s.state === 'queued' || s.state === 'reading' ? (
              <Banner icon="clock" box className="mb-5" role="status">
                <span className="inline-flex items-center gap-2">
                  <Spinner />
                  {s.passages ? t('source.rereading') : t('source.reading')}
                </span>
              </Banner>
            ) : null}
            {s.state === 'ready' || s.passages ? <Passages source={s} /> : null}
          </>
        ) : null}
      </Answered>
      {editing && s ? (
        <Suspense>
          <EditDialog source={s} onClose={() => setEditing(false)} />
        </Suspense>
      ) : null}
      {removing && s ? (
        <Confirm
          title={t('source.delete_title', { name: s.name })}
          text={t('source.delete_text')}
          action={t('app.delete')}
          onClose={() => setRemoving(false)}
          onRun={async () => {
            await knowledge.remove(s.id);
            await client.resetQueries({ queryKey: key.sources });
            client.removeQueries({ queryKey: key.source(s.id) });
            await navigate({ to: '/knowledge/{-$id}', params: { id: undefined }, replace: true });
          }}
        />
      ) : null}
    </PageFrame>
  );
}

function BackLink() {
  const { t } = useText();
  const navigate = useNavigate();
  return (
    <IconButton
      icon="left"
      label={t('source.back')}
      className="-ms-2 rtl:-scale-x-100"
      onClick={() => void navigate({ to: '/knowledge/{-$id}', params: { id: undefined } })}
    />
  );
}

function Passages({ source }: { source: Source }) {
  const { t, format } = useText();
  const query = useInfiniteQuery(q.passages(source.id));
  const passages = query.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <Answered query={query}>
      <Card
        title={t('source.passages_title')}
        text={t('source.passages', { count: source.passages, n: format.number(source.passages) })}
      >
        {passages.length === 0 ? <EmptyState icon="book" title={t('source.no_passages')} /> : null}
        <ol>
          {passages.map((p, i) => (
            <PassageRow key={p.id} p={p} place={i + 1} />
          ))}
        </ol>
        {query.hasNextPage ? (
          <div className="border-t border-line p-3 text-center">
            <Button kind="ghost" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t('app.more')}
            </Button>
          </div>
        ) : null}
      </Card>
    </Answered>
  );
}

function PassageRow({ p, place }: { p: Passage; place: number }) {
  const { t, format } = useText();
  return (
    <li className="grid grid-cols-[32px_minmax(0,1fr)] gap-x-2 border-t border-line px-[18px] py-3">
      <span className="num text-ink-3">{format.number(place)}</span>
      <div className="min-w-0">
        {p.question || p.heading ? (
          <p className="flex items-center gap-2 font-semibold">
            <bdi>{p.question || p.heading}</bdi>
            {p.hidden ? <Chip>{t('source.hidden')}</Chip> : null}
          </p>
        ) : null}
        <p dir="auto" className="text-start break-words whitespace-pre-wrap text-ink-2">
          {p.text}
        </p>
      </div>
    </li>
  );
}
