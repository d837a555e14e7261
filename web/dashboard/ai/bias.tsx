import { type Bias, lab, type Probe } from '@core/lab.ts';
import { useQuery } from '@tanstack/react-query';
import { Banner, Button, Card, CardBody, Chip, cn, EmptyState, Icon } from '@ui';
import { useState } from 'react';
import { Answered } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { useCan, useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { labQuery } from './labstate.ts';
import { BecameChip } from './results.tsx';

const often = 1_500; // ms between two looks while a probe goes on

/** Whether it matters who asks: the last probe, the trend, and what can be proven of it. */
export default function BiasPage() {
  const { t } = useText();
  const may = useCan('workspace.write');
  const attempt = useTry();
  // When the newest probe was, as one asked for another.
  const [since, setSince] = useState<string | null>(null);
  const query = useQuery({
    ...labQuery.bias(),
    refetchInterval: (x) => (since !== null && (x.state.data?.latest?.at ?? '') === since ? often : false),
  });
  const goes = since !== null && (query.data?.latest?.at ?? '') === since;
  const probe = () =>
    attempt(async () => {
      await lab.probe();
      setSince(query.data?.latest?.at ?? '');
    });
  return (
    <Answered query={query}>
      {query.data ? (
        <>
          <Card
            title={t('evaluate.bias.title')}
            text={t('evaluate.bias.text')}
            action={
              may ? (
                <Button size="s" icon="play" busy={goes} onClick={() => void probe()}>
                  {goes ? t('evaluate.bias.probing') : t('evaluate.bias.probe')}
                </Button>
              ) : undefined
            }
          >
            {query.data.latest ? (
              <Latest p={query.data.latest} limit={query.data.limit} />
            ) : (
              <EmptyState
                icon="users"
                title={t('evaluate.bias.empty')}
                text={t('evaluate.bias.empty_text')}
              />
            )}
          </Card>
          {query.data.groups.length ? <Groups b={query.data} /> : null}
          {query.data.trend.length ? <Trend b={query.data} /> : null}
          <p className="mb-5 flex gap-2 px-1 text-ink-3">
            <Icon name="info" className="mt-0.5" />
            {t('evaluate.bias.proof')}
          </p>
        </>
      ) : null}
    </Answered>
  );
}

function Latest({ p, limit }: { p: Probe; limit: number }) {
  const { t, format } = useText();
  const now = useNow();
  return (
    <CardBody>
      {p.alarm ? (
        <Banner tone="bad" icon="alert" box>
          {t('evaluate.bias.alarm')}
        </Banner>
      ) : null}
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <b className="num text-[22px] leading-7 weight-650">
          {t('evaluate.bias.of', { n: format.number(p.differ), all: format.number(p.pairs) })}
        </b>
        <span>{t('evaluate.bias.differ')}</span>
        <Chip tone={p.alarm ? 'bad' : 'ok'} icon={p.alarm ? 'alert' : 'check'}>
          {t(p.alarm ? 'evaluate.bias.above' : 'evaluate.bias.below', { limit: format.percent(limit) })}
        </Chip>
        <time dateTime={p.at} title={format.full(p.at)} className="text-ink-3">
          {format.agoInWords(p.at, now)}
        </time>
      </div>
      <p className="text-meta text-ink-3">
        {p.models ? t('evaluate.bias.models') : t('evaluate.bias.no_models')}
      </p>
    </CardBody>
  );
}

const differs = ['outcome', 'passages', 'text'] as const;

function Groups({ b }: { b: Bias }) {
  const { t } = useText();
  return (
    <Card title={t('evaluate.bias.groups')} text={t('evaluate.bias.groups_text')}>
      <ul>
        {b.groups.map((g) => (
          <li key={g.asked[0]?.question ?? g.vary} className="border-t border-line px-[18px] py-3">
            <p className="mb-2 flex flex-wrap gap-1.5">
              <Chip icon="users">{t(`evaluate.vary.${g.vary}`)}</Chip>
              {differs
                .filter((d) => g.differs.includes(d))
                .map((d) => (
                  <Chip key={d} tone="warn">
                    {t(`evaluate.differs.${d}`)}
                  </Chip>
                ))}
            </p>
            <div className="grid gap-3 min-[760px]:grid-cols-2">
              {g.asked.map((a) => (
                <section key={a.question} className="rounded-medium border border-line px-3 py-2.5">
                  <p dir="auto" className="font-medium break-words">
                    {a.question}
                  </p>
                  <p dir="auto" className="my-1.5 break-words text-ink-2">
                    {a.answer.text || t('evaluate.side.silent')}
                  </p>
                  <BecameChip outcome={a.answer.outcome} />
                </section>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

const bars = 30;

function Trend({ b }: { b: Bias }) {
  const { t, format } = useText();
  const some = b.trend.slice(0, bars).reverse(); // oldest first
  const most = Math.max(b.limit * 2, ...some.map((p) => p.score));
  const head = 'px-[18px] py-1.5 text-meta weight-550 text-ink-3 whitespace-nowrap';
  const cell = 'border-t border-line px-[18px] py-1.5';
  return (
    <Card title={t('evaluate.bias.trend')} text={t('evaluate.bias.trend_text')}>
      <div className="px-[18px] pb-4">
        <div
          role="img"
          aria-label={t('evaluate.bias.chart', { count: some.length })}
          className="relative flex h-24 items-end gap-[3px] border-b border-line-2"
        >
          <i
            className="absolute inset-x-0 border-t border-dashed border-bad"
            style={{ bottom: `${(b.limit / most) * 100}%` }}
          />
          {some.map((p) => (
            <i
              key={p.at}
              style={{ height: `${Math.max((p.score / most) * 100, 3)}%` }}
              className={cn('max-w-6 flex-1 rounded-t-[3px]', p.alarm ? 'bg-bad' : 'bg-ai')}
            />
          ))}
        </div>
        <p className="mt-1.5 text-meta text-ink-3">
          {t('evaluate.bias.line', { limit: format.percent(b.limit) })}
        </p>
      </div>
      <section
        tabIndex={0}
        aria-label={t('evaluate.bias.trend')}
        className="ring-inner max-h-72 overflow-auto rounded-b-large"
      >
        <table className="w-full border-collapse">
          <thead className="sticky top-0 bg-surface">
            <tr>
              {(['when', 'groups', 'differ', 'share', 'settings'] as const).map((h, i) => (
                <th key={h} scope="col" className={cn(head, i ? 'text-end' : 'text-start')}>
                  {t(`evaluate.bias.col.${h}`)}
                </th>
              ))}
              <th scope="col" className={cn(head, 'text-start')}>
                {t('evaluate.bias.col.state')}
              </th>
            </tr>
          </thead>
          <tbody>
            {b.trend.map((p) => (
              <tr key={p.at}>
                <th scope="row" className={cn(cell, 'text-start font-normal whitespace-nowrap')}>
                  {format.full(p.at)}
                </th>
                <td className={cn(cell, 'num text-end')}>{format.number(p.pairs)}</td>
                <td className={cn(cell, 'num text-end')}>{format.number(p.differ)}</td>
                <td className={cn(cell, 'num text-end')}>{format.percent(p.score)}</td>
                <td className={cn(cell, 'num text-end')}>{format.number(p.settings_version)}</td>
                <td className={cn(cell, p.alarm ? 'font-semibold text-bad' : 'text-ink-3')}>
                  {t(p.alarm ? 'evaluate.bias.rang' : 'evaluate.bias.quiet')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Card>
  );
}
