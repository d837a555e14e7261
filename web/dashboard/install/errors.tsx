import { errors } from '@core/alerts.ts';
import type { Schemas } from '@core/types.ts';
import { useQuery } from '@tanstack/react-query';
import { Button, Card, Dialog, EmptyState, Row } from '@ui';
import { useState } from 'react';
import { Answered } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { useText } from '../state/i18n.ts';

type Kind = Schemas['ErrorKind'];

/** What went wrong in the program, by kind and place; no text of anybody is in it. */
export default function Errors() {
  const { t, format } = useText();
  const now = useNow();
  const [open, setOpen] = useState<Kind | null>(null);
  const query = useQuery({
    queryKey: ['errors'],
    queryFn: ({ signal }) => errors.list({ signal }),
    staleTime: 0,
  });
  const rows = query.data?.items ?? [];
  return (
    <Answered query={query}>
      <Card title={t('install.errors')} text={t('install.errors_text')}>
        {rows.length === 0 ? <EmptyState icon="check" title={t('install.no_errors')} /> : null}
        <ul>
          {rows.map((e) => (
            <li key={e.id}>
              <Row
                title={<span dir="ltr">{e.kind}</span>}
                text={
                  <>
                    <span dir="ltr" className="font-mono text-meta">
                      {e.place}
                    </span>{' '}
                    · {t('install.times', { count: e.count })} · {format.agoInWords(e.last_at, now)}
                  </>
                }
                end={
                  <Button
                    size="s"
                    onClick={() => setOpen(e)}
                    aria-label={t('alert.look_named', { name: e.kind })}
                  >
                    {t('alert.look')}
                  </Button>
                }
              />
            </li>
          ))}
        </ul>
      </Card>
      {open ? <Cases kind={open} onClose={() => setOpen(null)} /> : null}
    </Answered>
  );
}

function Cases({ kind, onClose }: { kind: Kind; onClose: () => void }) {
  const { t, format } = useText();
  const query = useQuery({
    queryKey: ['errors', kind.id],
    queryFn: ({ signal }) => errors.cases(kind.id, { signal }),
    staleTime: 0,
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={kind.kind}
      text={<span dir="ltr">{kind.place}</span>}
      closeLabel={t('app.close')}
      wide
      reading
    >
      <Answered query={query}>
        {query.data?.items.length === 0 ? <p className="text-ink-3">{t('install.no_cases')}</p> : null}
        <ol className="flex flex-col gap-3">
          {query.data?.items.map((c) => (
            <li key={c.at + c.request} className="rounded-medium border border-line px-3 py-2">
              <p className="num">{format.full(c.at)}</p>
              <p dir="ltr" className="text-ink-3">
                {[
                  c.request && `request ${c.request}`,
                  c.workspace && `workspace ${c.workspace}`,
                  c.work,
                  c.reason,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
              {c.stack ? (
                <pre dir="ltr" className="mt-1.5 overflow-x-auto font-mono text-meta whitespace-pre-wrap">
                  {c.stack}
                </pre>
              ) : null}
            </li>
          ))}
        </ol>
      </Answered>
    </Dialog>
  );
}
