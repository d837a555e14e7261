import { safeUrl } from '@core/format.ts';
import { knowledge } from '@core/knowledge.ts';
import { key } from '@core/merge.ts';
import type { Source } from '@core/types.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Banner, Button, IconButton, Progress, patient, Spinner, TabPage, Tabs } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { Confirm } from '../shell/confirm.tsx';
import { Answered, PageFrame } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { useCan, useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { StaleChip, StateChip } from './list.tsx';
import { isBusy, isWeb, kindText, progressOf, progressText, readAt, reasonText } from './looks.ts';
import { Passages } from './passages.tsx';
import { k } from './state.ts';

const EditDialog = lazy(patient(() => import('./edit.tsx')));
const Crawled = lazy(patient(() => import('./crawled.tsx')));
const SuggestedOf = lazy(
  patient(() => import('./suggestions.tsx').then((m) => ({ default: m.SuggestedOf }))),
);
const SitePages = lazy(patient(() => import('./pages.tsx')));

/** One source, what was read out of it, and what a person may do about it. */
export function SourcePage({ id, onTest }: { id: string; onTest: () => void }) {
  const { t } = useText();
  const may = useCan('knowledge.write');
  const client = useQueryClient();
  const navigate = useNavigate();
  const [removing, setRemoving] = useState(false);
  const [editing, setEditing] = useState(false);
  const query = useQuery(k.source(id));
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
              {isWeb(s) ? <Again source={s} /> : null}
              <Button icon="pen" onClick={() => setEditing(true)}>
                {t('knowledge.edit')}
              </Button>
              <IconButton
                kind="danger"
                icon="trash"
                label={t('app.delete')}
                onClick={() => setRemoving(true)}
              />
            </>
          ) : null}
        </>
      }
    >
      <Answered query={query}>{s ? <Content source={s} /> : null}</Answered>
      {editing && s ? (
        <Suspense>
          <EditDialog source={s} onClose={() => setEditing(false)} />
        </Suspense>
      ) : null}
      {removing && s ? (
        <Confirm
          title={t('knowledge.delete_title', { name: s.name })}
          text={t('knowledge.delete_text')}
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

function Content({ source: s }: { source: Source }) {
  const { t } = useText();
  const [tab, setTab] = useState<'passages' | 'pages'>('passages');
  const readable = s.state === 'ready' || s.passages > 0;
  return (
    <>
      <Facts source={s} />
      {s.state === 'failed' && !isBusy(s) ? (
        <Banner tone="bad" icon="alert" box className="mb-5">
          {reasonText(s, t)}
        </Banner>
      ) : null}
      {isBusy(s) ? <Reading source={s} /> : null}
      {readable ? (
        <Suspense>
          <SuggestedOf source={s.id} />
        </Suspense>
      ) : null}
      {isWeb(s) ? (
        <Suspense>
          <Crawled source={s} />
        </Suspense>
      ) : null}
      {s.kind === 'site' ? (
        <Tabs
          label={t('knowledge.parts')}
          value={tab}
          onChange={setTab}
          tabs={[
            { value: 'passages', label: t('knowledge.passages_title') },
            { value: 'pages', label: t('knowledge.pages_title') },
          ]}
        >
          <TabPage value="passages" className="pt-4">
            {readable ? <Passages source={s} /> : null}
          </TabPage>
          <TabPage value="pages" className="pt-4">
            <Suspense>
              <SitePages source={s} />
            </Suspense>
          </TabPage>
        </Tabs>
      ) : readable ? (
        <Passages source={s} />
      ) : null}
    </>
  );
}

function Facts({ source: s }: { source: Source }) {
  const { t, format } = useText();
  const now = useNow();
  const url = safeUrl(s.url);
  return (
    <div className="mb-5 flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-3">
      <StateChip source={s} />
      <StaleChip source={s} />
      <span>{kindText(s, t)}</span>
      {s.language ? <span>{format.language(s.language)}</span> : null}
      {s.bytes > 0 && !isWeb(s) ? <span>{format.bytes(s.bytes)}</span> : null}
      {s.pages > 0 && !isWeb(s) ? <span>{t('knowledge.page_count', { count: s.pages })}</span> : null}
      <span title={format.full(readAt(s))}>
        {t('knowledge.read_when', { when: format.agoInWords(readAt(s), now) })}
      </span>
      {url ? (
        <a
          href={url}
          target="_blank"
          rel="noreferrer noopener"
          className="truncate text-brand-ink underline underline-offset-2"
        >
          {s.url.replace(/^https?:\/\//, '')}
        </a>
      ) : null}
    </div>
  );
}

function Reading({ source: s }: { source: Source }) {
  const { t } = useText();
  const p = progressOf(s);
  return (
    <Banner icon="clock" box className="mb-5" role="status">
      <span className="flex flex-col gap-1.5">
        <span className="inline-flex items-center gap-2">
          <Spinner />
          {s.passages ? t('knowledge.rereading') : t('knowledge.reading')}
        </span>
        {p?.part !== undefined ? (
          <Progress label={t('knowledge.progress', { name: s.name })} part={p.part} />
        ) : null}
        <span className="num text-meta">{progressText(s, t)}</span>
      </span>
    </Banner>
  );
}

function Again({ source: s }: { source: Source }) {
  const { t } = useText();
  const client = useQueryClient();
  const attempt = useTry();
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    await attempt(async () => {
      client.setQueryData<Source>(key.source(s.id), await knowledge.refresh(s.id));
      await client.invalidateQueries({ queryKey: key.sources });
    });
    setBusy(false);
  };
  return (
    <Button icon="refresh" busy={busy} disabled={isBusy(s)} onClick={() => void run()}>
      {t('knowledge.again')}
    </Button>
  );
}

function BackLink() {
  const { t } = useText();
  const navigate = useNavigate();
  return (
    <IconButton
      icon="left"
      label={t('knowledge.back')}
      className="-ms-2 rtl:-scale-x-100"
      onClick={() => void navigate({ to: '/knowledge/{-$id}', params: { id: undefined } })}
    />
  );
}
