import { knowledge } from '@core/knowledge.ts';
import { key } from '@core/merge.ts';
import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Card, CardBody, Icon } from '@ui';
import { useNow } from '../state/box.ts';
import { useText } from '../state/i18n.ts';
import type { Runs } from './labstate.ts';

const named = 10; // stale sources whose names are fetched

/** What the last night found: tests that failed, and sources that are older than they should be. */
export function Nights({ runs }: { runs: Runs }) {
  const { t, format } = useText();
  const now = useNow();
  const night = runs.runs.find((r) => r.kind === 'night');
  const stale = night?.stale_source_ids ?? [];
  const sources = useQueries({
    queries: stale.slice(0, named).map((id) => ({
      queryKey: key.source(id),
      queryFn: ({ signal }: { signal: AbortSignal }) => knowledge.get(id, { signal }),
      retry: false,
    })),
  });
  if (!runs.query.data) return null;
  const held = night ? night.total - night.failed : 0;
  return (
    <Card title={t('evaluate.night.title')} text={t('evaluate.night.text')}>
      <CardBody className="gap-2!">
        {night ? (
          <>
            <p className="flex flex-wrap items-center gap-x-2">
              <Icon
                name={night.failed ? 'alert' : 'check'}
                className={night.failed ? 'text-bad' : 'text-ok'}
              />
              <b className="font-semibold">
                {night.state === 'running'
                  ? t('evaluate.night.running')
                  : night.total
                    ? t('evaluate.night.held', { n: format.number(held), all: format.number(night.total) })
                    : t('evaluate.night.none')}
              </b>
              <time dateTime={night.at} title={format.full(night.at)} className="text-ink-3">
                {format.agoInWords(night.at, now)}
              </time>
            </p>
            {stale.length ? (
              <div className="flex gap-2">
                <Icon name="clock" className="mt-0.5 flex-none text-warn" />
                <div className="min-w-0">
                  <p>{t('evaluate.night.stale', { count: stale.length })}</p>
                  <ul className="flex flex-wrap gap-x-3">
                    {sources.map((s) =>
                      s.data ? (
                        <li key={s.data.id}>
                          <Link
                            to="/knowledge/{-$id}"
                            params={{ id: s.data.id }}
                            dir="auto"
                            className="font-medium text-brand-ink underline underline-offset-2"
                          >
                            {s.data.name}
                          </Link>
                        </li>
                      ) : null,
                    )}
                  </ul>
                </div>
              </div>
            ) : (
              <p className="flex gap-2 text-ink-3">
                <Icon name="check" className="mt-0.5 text-ok" />
                {t('evaluate.night.fresh')}
              </p>
            )}
          </>
        ) : (
          <p className="text-ink-3">{t('evaluate.night.never')}</p>
        )}
      </CardBody>
    </Card>
  );
}
