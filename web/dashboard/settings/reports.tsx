import { type Case, type Report, reports } from '@core/reports.ts';
import type { Page } from '@core/types.ts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Card, Chip, EmptyState, patient } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { WhyButton } from '../inbox/whybutton.tsx';
import { CorrectButton } from '../knowledge/correctbutton.tsx';
import { More } from '../shell/more.tsx';
import { Answered } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { useText } from '../state/i18n.ts';

const CloseDialog = lazy(patient(() => import('./closereport.tsx')));

export const reportsKey = ['reports'];
const next = (page: Page<unknown>) => page.next || undefined;
const days = 30;

/** Answers of the AI that somebody reported: what was said, why, and what became of it. */
export function Reports() {
  const { t, format } = useText();
  const [closing, setClosing] = useState<Case | null>(null);
  const query = useInfiniteQuery({
    queryKey: reportsKey,
    queryFn: ({ pageParam, signal }) => reports.list(pageParam, { signal }),
    initialPageParam: '',
    getNextPageParam: next,
    // No event tells of a report: whoever looks wants to see how it is now.
    staleTime: 0,
  });
  const counts = useQuery({
    queryKey: [...reportsKey, 'counts'],
    queryFn: ({ signal }) => reports.counts(days, { signal }),
    staleTime: 0,
  });
  const rows = query.data?.pages.flatMap((p) => p.items) ?? [];
  const counted = counts.data?.items.filter((c) => c.count > 0) ?? [];
  return (
    <Answered query={query}>
      <Card title={t('report.list')} text={t('report.list_text')}>
        {counted.length ? (
          <p className="flex flex-wrap items-center gap-1.5 px-[18px] pb-3">
            <span className="text-ink-3">{t('report.lately', { n: format.number(days) })}</span>
            {counted.map((c) => (
              <Chip key={c.name}>{`${c.words}: ${format.number(c.count)}`}</Chip>
            ))}
          </p>
        ) : null}
        {rows.length === 0 ? (
          <EmptyState icon="check" title={t('report.none')} text={t('report.none_text')} />
        ) : null}
        <ul aria-label={t('report.list')}>
          {rows.map((c) => (
            <ReportRow key={c.id} c={c} onClose={() => setClosing(c)} />
          ))}
        </ul>
        <More query={query} />
      </Card>
      <Suspense>{closing ? <CloseDialog c={closing} onClose={() => setClosing(null)} /> : null}</Suspense>
    </Answered>
  );
}

function ReportRow({ c, onClose }: { c: Case; onClose: () => void }) {
  const { t, format } = useText();
  const now = useNow();
  const r = c.report;
  return (
    <li className="border-t border-line px-[18px] py-3.5">
      <div className="mb-2 flex flex-wrap items-center gap-1.5">
        {r ? (
          <Chip tone={r.reason === 'harmful' ? 'bad' : 'warn'} icon="alert">
            {t(`report.reason.${r.reason}`)}
          </Chip>
        ) : null}
        {r ? <span className="text-ink-3">{t(`report.by.${r.by_kind}`)}</span> : null}
        <time dateTime={c.opened_at} title={format.full(c.opened_at)} className="flex-1 text-meta text-ink-3">
          {format.agoInWords(c.opened_at, now)}
        </time>
        <Standing c={c} />
      </div>
      {r ? <Said r={r} /> : <p className="text-ink-3">{t('report.erased')}</p>}
      {c.state === 'done' ? null : (
        <div className="mt-3 flex flex-wrap items-center gap-2">
          <Button size="s" kind="primary" icon="check" onClick={onClose}>
            {t('report.close')}
          </Button>
          {r ? <Acts r={r} /> : null}
          <span className="text-meta text-ink-3">{t('case.due', { when: format.full(c.due_at) })}</span>
        </div>
      )}
    </li>
  );
}

function Standing({ c }: { c: Case }) {
  const { t } = useText();
  if (c.state !== 'done') return <Chip tone="brand">{t('report.open')}</Chip>;
  return (
    <Chip tone="ok" icon="check">
      {c.report?.outcome ? t(`report.outcome.${c.report.outcome}`) : t('report.done')}
    </Chip>
  );
}

/** What was asked and said, as far as one may read it. */
export function Said({ r }: { r: Report }) {
  const { t } = useText();
  return (
    <div className="flex flex-col gap-1.5">
      {r.question ? (
        <p dir="auto" className="text-start break-words text-ink-2">
          {r.question}
        </p>
      ) : null}
      {r.answer ? (
        <blockquote
          dir="auto"
          className="rounded-medium border border-ai-line bg-ai-soft px-3 py-2 text-start break-words whitespace-pre-wrap"
        >
          {r.answer}
        </blockquote>
      ) : (
        <p className="text-ink-3">{t('report.unread')}</p>
      )}
      {r.note ? (
        <p dir="auto" className="text-start break-words">
          <span className="text-ink-3">{t('report.note')}</span> {r.note}
        </p>
      ) : null}
    </div>
  );
}

function Acts({ r }: { r: Report }) {
  const { t } = useText();
  return (
    <>
      {r.explanation ? (
        <CorrectButton answered question={r.question} channel="" passages={r.explanation.passages} />
      ) : null}
      {r.answer ? (
        <Link
          to="/inbox/$view/{-$id}"
          params={{ view: 'all', id: r.conversation_id }}
          className="px-1 font-medium text-brand-ink underline underline-offset-2"
        >
          {t('gap.open')}
        </Link>
      ) : null}
      {r.explanation && r.answer ? (
        <WhyButton run={r.explanation.id} conversation={r.conversation_id} message="" />
      ) : null}
    </>
  );
}
