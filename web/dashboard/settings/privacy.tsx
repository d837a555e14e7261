import { privacy } from '@core/api.ts';
import { key } from '@core/merge.ts';
import type { Certificate, Page } from '@core/types.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Card, Chip, Dialog, EmptyState } from '@ui';
import { useState } from 'react';
import { CertificateView, SaveProof } from '../channels/certificate.tsx';
import { useKindName } from '../channels/kind.tsx';
import { More } from '../shell/more.tsx';
import { Answered } from '../shell/page.tsx';
import { useText } from '../state/i18n.ts';
import { Reports } from './reports.tsx';

/** What people asked about their data, and what was deleted. */
export default function PrivacyTab() {
  return (
    <>
      <Reports />
      <Cases />
      <Certificates />
    </>
  );
}

const next = (page: Page<unknown>) => page.next || undefined;

function Cases() {
  const { t, format } = useText();
  const query = useInfiniteQuery({
    queryKey: [...key.channels, 'cases'],
    queryFn: ({ pageParam, signal }) => privacy.cases(pageParam, { signal }),
    initialPageParam: '',
    getNextPageParam: next,
    // No event tells of a case: whoever looks wants to see how it is now.
    staleTime: 0,
  });
  const rows = query.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <Answered query={query}>
      <Card title={t('case.list')} text={t('case.list_text')}>
        {rows.length === 0 ? <EmptyState icon="shield" title={t('case.none')} /> : null}
        <ul>
          {rows.map((c) => (
            <li key={c.id} className="flex items-start gap-3 border-t border-line px-[18px] py-2.5">
              <span className="min-w-0 flex-1">
                <span className="block font-medium">{c.words}</span>
                {(c.matched ?? []).map((m) => (
                  <span key={m.name} className="block text-ink-2">
                    {m.words}
                  </span>
                ))}
                <span className="num block text-ink-3">
                  {[
                    format.full(c.opened_at),
                    c.state === 'done' ? '' : t('case.due', { when: format.full(c.due_at) }),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </span>
              <Chip tone={c.state === 'done' ? 'ok' : 'warn'}>
                {t(c.state === 'done' ? 'case.done' : 'case.working')}
              </Chip>
            </li>
          ))}
        </ul>
        <More query={query} />
      </Card>
    </Answered>
  );
}

function Certificates() {
  const { t, format } = useText();
  const kind = useKindName();
  const named = (c: Certificate) =>
    c.kind === 'disconnection' ? kind(c.channel_kind ?? '') : t(`cert.${c.kind}`, { no: String(c.no ?? '') });
  const [open, setOpen] = useState<Certificate | null>(null);
  const query = useInfiniteQuery({
    queryKey: [...key.channels, 'certificates'],
    queryFn: ({ pageParam, signal }) => privacy.certificates(pageParam, { signal }),
    initialPageParam: '',
    getNextPageParam: next,
    // An erasure by another door rings no bell here.
    staleTime: 0,
  });
  const rows = query.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <Answered query={query}>
      <Card title={t('cert.list')} text={t('cert.list_text')}>
        {rows.length === 0 ? <EmptyState icon="shield" title={t('cert.none')} /> : null}
        <ul>
          {rows.map((c) => (
            <li key={c.id} className="flex items-center gap-3 border-t border-line px-[18px] py-2.5">
              <span className="min-w-0 flex-1">
                <span className="block font-medium">{named(c)}</span>
                <span className="num block text-ink-3">{format.full(c.done_at ?? c.opened_at)}</span>
              </span>
              {c.state === 'working' ? <Chip tone="warn">{t('cert.working')}</Chip> : null}
              <Button size="s" onClick={() => setOpen(c)}>
                {t('cert.title')}
              </Button>
            </li>
          ))}
        </ul>
        <More query={query} />
      </Card>
      {open ? (
        <Dialog
          open
          onClose={() => setOpen(null)}
          title={t('cert.title')}
          closeLabel={t('app.close')}
          reading
          actions={<SaveProof number={open.id} proof={open.proof} />}
        >
          <div className="flex flex-col gap-3">
            <p className="text-ink-3">{[named(open), format.full(open.opened_at)].join(' · ')}</p>
            <CertificateView c={open} />
          </div>
        </Dialog>
      ) : null}
    </Answered>
  );
}
