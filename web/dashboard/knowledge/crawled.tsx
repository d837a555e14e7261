import { knowledge } from '@core/knowledge.ts';
import { key } from '@core/merge.ts';
import type { Source } from '@core/types.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Banner, Card, CardBody, useToast } from '@ui';
import { useNow } from '../state/box.ts';
import { useCan, useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { type Schedule, ScheduleField } from './form.tsx';

/** How a page or a site is read: when, how much, and with what result. */
export default function Crawled({ source: s }: { source: Source }) {
  const { t, format } = useText();
  const now = useNow();
  const may = useCan('knowledge.write');
  const client = useQueryClient();
  const attempt = useTry();
  const say = useToast();
  const c = s.crawl;
  if (!c) return null;
  const plan = (schedule: Schedule) =>
    void attempt(async () => {
      client.setQueryData<Source>(key.source(s.id), await knowledge.change(s.id, { schedule }));
      say(t('app.saved'));
    });
  const facts: [string, string, boolean][] = [
    [t('knowledge.crawl.done'), `${format.number(c.done)} / ${format.number(c.found)}`, false],
    [t('knowledge.crawl.changed'), format.number(c.changed), false],
    [t('knowledge.crawl.failed'), format.number(c.failed), c.failed > 0],
    [
      t('knowledge.crawl.last'),
      c.finished_at ? format.agoInWords(c.finished_at, now) : t('knowledge.crawl.never'),
      c.stale,
    ],
    [t('knowledge.crawl.next'), c.next_at ? format.soon(c.next_at) : t('knowledge.crawl.none'), false],
  ];
  return (
    <Card title={t('knowledge.crawl.title')}>
      <CardBody>
        <dl className="grid grid-cols-[repeat(auto-fit,minmax(116px,1fr))] gap-3">
          {facts.map(([name, value, bad]) => (
            <div key={name} className="rounded-medium border border-line px-3 py-2">
              <dt className="text-meta text-ink-3">{name}</dt>
              <dd className={`num font-semibold ${bad ? 'text-warn' : ''}`}>{value}</dd>
            </div>
          ))}
        </dl>
        {c.stale ? (
          <Banner tone="warn" icon="clock" box>
            {t('knowledge.stale_text')}
          </Banner>
        ) : null}
        {c.limited ? (
          <Banner icon="info" box>
            {t('knowledge.limited', { n: c.limit })}
          </Banner>
        ) : null}
        <div className="max-w-72">
          <ScheduleField value={c.schedule} disabled={!may} onChange={plan} />
        </div>
      </CardBody>
    </Card>
  );
}
