import { type Alert, type AlertsOf, alerts } from '@core/alerts.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Card, Chip, EmptyState, Icon, patient, Row } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { More } from '../shell/more.tsx';
import { Answered } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { useText } from '../state/i18n.ts';

const Story = lazy(patient(() => import('./story.tsx')));

/** Where the alerts of a place are kept between visits. */
export const alertKey = (of: AlertsOf) => ['alerts', of];

/** What looks like abuse: what waits for a person, then what was closed. */
export function AlertList({ of, mayClose }: { of: AlertsOf; mayClose: boolean }) {
  const { t, format } = useText();
  const now = useNow();
  const [open, setOpen] = useState<Alert | null>(null);
  const query = useInfiniteQuery({
    queryKey: alertKey(of),
    queryFn: ({ pageParam, signal }) => alerts.list(of, pageParam, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next || undefined,
    staleTime: 0,
    refetchInterval: 30_000, // no event tells of one, and one is worth knowing soon
  });
  const rows = query.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <Answered query={query}>
      <Card title={t('alert.title')} text={t(`alert.${of}_text`)}>
        {rows.length === 0 ? (
          <EmptyState icon="shield" title={t('alert.none')} text={t('alert.none_text')} />
        ) : null}
        <ul>
          {rows.map((a) => (
            <li key={a.id}>
              <Row
                start={<Icon name="alert" className={a.closed_at ? 'text-ink-3' : 'text-bad'} />}
                title={t(`alert.rule.${a.rule}`)}
                text={[
                  a.name || t(`alert.subject.${a.subject}`),
                  t('alert.times', { count: a.times }),
                  format.agoInWords(a.last_at, now),
                ].join(' · ')}
                end={
                  <>
                    <Chip tone={a.closed_at ? 'plain' : 'bad'} className="flex-none">
                      {t(a.closed_at ? 'alert.closed' : 'alert.open')}
                    </Chip>
                    <Button
                      size="s"
                      onClick={() => setOpen(a)}
                      aria-label={t('alert.look_named', { name: t(`alert.rule.${a.rule}`) })}
                    >
                      {t('alert.look')}
                    </Button>
                  </>
                }
              />
            </li>
          ))}
        </ul>
        <More query={query} />
      </Card>
      <Suspense>
        {open ? <Story of={of} alert={open} mayClose={mayClose} onClose={() => setOpen(null)} /> : null}
      </Suspense>
    </Answered>
  );
}
