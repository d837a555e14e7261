import { safeUrl } from '@core/format.ts';
import type { PageState } from '@core/knowledge.ts';
import type { Source, SourcePage } from '@core/types.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Card, Chip, EmptyState, Icon, Segmented, type Tone } from '@ui';
import { useState } from 'react';
import { More } from '../shell/more.tsx';
import { Answered } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { useText } from '../state/i18n.ts';
import { isBusy, pageReasonText } from './looks.ts';
import { k } from './state.ts';

const states: ('' | PageState)[] = ['', 'read', 'failed', 'skipped', 'missing', 'waiting'];

const tones: Record<PageState, Tone> = {
  waiting: 'plain',
  read: 'ok',
  skipped: 'plain',
  failed: 'bad',
  missing: 'warn',
};

/** The pages of a site, each with what became of it. */
export default function SitePages({ source }: { source: Source }) {
  const { t } = useText();
  const [state, setState] = useState<'' | PageState>('');
  const query = useInfiniteQuery(k.pages(source.id, state, isBusy(source)));
  const pages = query.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <>
      <div className="mb-3 max-w-full overflow-x-auto [scrollbar-width:none]">
        <Segmented<PageState | 'all'>
          label={t('knowledge.show')}
          value={state || 'all'}
          onChange={(v) => setState(v === 'all' ? '' : v)}
          choices={states.map((x) => ({ value: x || 'all', label: t(`knowledge.page_state.${x || 'all'}`) }))}
        />
      </div>
      <Answered query={query}>
        <Card>
          {pages.length === 0 ? <EmptyState icon="globe" title={t('knowledge.no_pages')} /> : null}
          <ul aria-label={t('knowledge.pages_title')}>
            {pages.map((p) => (
              <PageRow key={p.id} p={p} />
            ))}
          </ul>
          <More query={query} />
        </Card>
      </Answered>
    </>
  );
}

function PageRow({ p }: { p: SourcePage }) {
  const { t, format } = useText();
  const now = useNow();
  const url = safeUrl(p.url);
  const why = p.reason ? pageReasonText(p, t) : '';
  return (
    <li className="flex items-start gap-3 border-t border-line px-[18px] py-2.5 first:border-0">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">
          <bdi>{p.title || p.url}</bdi>
        </p>
        {url ? (
          <a
            href={url}
            target="_blank"
            rel="noreferrer noopener"
            className="flex min-w-0 items-center gap-1 text-meta text-brand-ink underline-offset-2 hover:underline"
          >
            <span dir="ltr" className="truncate">
              {p.url.replace(/^https?:\/\//, '')}
            </span>
            <Icon name="away" size={12} />
            <span className="sr-only">{t('knowledge.opens')}</span>
          </a>
        ) : null}
        {why ? (
          <p className={p.state === 'failed' ? 'text-bad' : 'text-ink-3'}>
            {why}
            {p.status >= 400 ? ` (${p.status})` : ''}
          </p>
        ) : null}
      </div>
      <div className="flex flex-none flex-col items-end gap-1">
        <Chip tone={tones[p.state]}>{t(`knowledge.page_state.${p.state}`)}</Chip>
        <span className="text-meta text-ink-3">
          {p.state === 'read'
            ? t('knowledge.passages', { count: p.passages, n: format.number(p.passages) })
            : null}
          {p.fetched_at ? (
            <span className="phone:hidden"> {format.agoInWords(p.fetched_at, now)}</span>
          ) : null}
        </span>
      </div>
    </li>
  );
}
