import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Card, CardBody, Chip, EmptyState, Icon, type IconName, type Tone } from '@ui';
import { HeldChip, StaleChip, StateChip } from '../knowledge/list.tsx';
import { kindIcon, kindText } from '../knowledge/looks.ts';
import { k } from '../knowledge/state.ts';
import { More } from '../shell/more.tsx';
import { Answered } from '../shell/page.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';

/** What the AI may answer from, how well that stands, and what waits for a person. */
export default function Knowledge() {
  const { t } = useText();
  const query = useQuery(q.health());
  return (
    <>
      <p className="mb-4 max-w-160 text-ink-3">{t('agent.knowledge.text')}</p>
      <Answered query={query}>
        <Figures />
        <Waits />
      </Answered>
      <Sources />
    </>
  );
}

const link = 'font-medium text-brand-ink underline underline-offset-2';

function Figures() {
  const { t, format } = useText();
  const h = useQuery(q.health()).data;
  if (!h) return null;
  const facts: [string, string][] = [
    [t('agent.knowledge.ready'), format.number(h.ready)],
    [t('agent.knowledge.passages'), format.number(h.passages)],
    [t('agent.knowledge.languages'), h.languages.map((l) => format.language(l)).join(', ') || '–'],
  ];
  return (
    <Card>
      <dl className="grid grid-cols-3 phone:grid-cols-1">
        {facts.map(([name, value]) => (
          <div
            key={name}
            className="border-s border-line px-[18px] py-3.5 first:border-0 phone:border-s-0 phone:border-t"
          >
            <dt className="text-meta text-ink-3">{name}</dt>
            <dd className="num text-page weight-650">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

type Wait = { n: number; icon: IconName; tone: Tone; text: string; to: 'findings' | 'gaps' | undefined };

/** What somebody should look at, or the good news that there is nothing. */
function Waits() {
  const { t, format } = useText();
  const h = useQuery(q.health()).data;
  if (!h) return null;
  const all: Wait[] = [
    {
      n: h.findings.contradiction + h.findings.expired,
      icon: 'alert',
      tone: 'bad',
      text: 'findings',
      to: 'findings',
    },
    { n: h.held, icon: 'shield', tone: 'warn', text: 'held', to: 'findings' },
    { n: h.failed, icon: 'x', tone: 'bad', text: 'failed', to: undefined },
    {
      n: Math.max(h.stale, h.findings.stale),
      icon: 'clock',
      tone: 'warn',
      text: 'stale',
      to: 'findings',
    },
    { n: h.findings.unused, icon: 'eye', tone: 'plain', text: 'unused', to: 'findings' },
    { n: h.gaps, icon: 'chat', tone: 'plain', text: 'gaps', to: 'gaps' },
  ];
  const rows = all.filter((x) => x.n > 0);
  return (
    <Card title={t('agent.knowledge.waits')}>
      {rows.length === 0 ? (
        <EmptyState icon="check" title={t('agent.knowledge.well')} text={t('agent.knowledge.well_text')} />
      ) : (
        <ul className="pb-1.5">
          {rows.map((x) => (
            <li key={x.text} className="border-t border-line first:border-0">
              <Link
                to="/knowledge/{-$id}"
                params={{ id: x.to }}
                className="ring-inner flex min-h-11 items-center gap-3 px-[18px] py-2 hover:bg-sunken"
              >
                <Chip tone={x.tone} icon={x.icon}>
                  {format.number(x.n)}
                </Chip>
                <span className="flex-1 font-medium">
                  {t(`agent.knowledge.wait.${x.text as 'gaps'}`, { count: x.n })}
                </span>
                <Icon name="right" size={14} className="text-ink-3 rtl:-scale-x-100" />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Sources() {
  const { t, format } = useText();
  const query = useInfiniteQuery(k.sources());
  const all = query.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <Answered query={query}>
      <Card
        title={t('agent.knowledge.sources')}
        text={t('agent.knowledge.sources_text')}
        action={
          <Link to="/knowledge/{-$id}" params={{ id: undefined }} className={link}>
            {t('agent.knowledge.manage')}
          </Link>
        }
      >
        {all.length === 0 ? (
          <CardBody>
            <p className="text-ink-3">{t('knowledge.empty_text')}</p>
          </CardBody>
        ) : null}
        <ul aria-label={t('agent.knowledge.sources')}>
          {all.map((s) => (
            <li
              key={s.id}
              className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-[18px] py-2"
            >
              <Icon name={kindIcon(s)} className="text-ink-3" />
              <span className="min-w-40 flex-1">
                <Link to="/knowledge/{-$id}" params={{ id: s.id }} className="font-medium hover:underline">
                  <bdi>{s.name}</bdi>
                </Link>
                <span className="block text-meta text-ink-3">
                  {[
                    kindText(s, t),
                    s.language ? format.language(s.language) : '',
                    usable(s) ? '' : t('agent.knowledge.unused'),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </span>
              <span className="flex flex-wrap gap-1.5">
                <HeldChip source={s} />
                <StaleChip source={s} />
                <StateChip source={s} />
              </span>
            </li>
          ))}
        </ul>
        <More query={query} />
      </Card>
    </Answered>
  );
}

/** The AI answers from it: what is read again answers as before meanwhile. */
const usable = (s: { passages: number }) => s.passages > 0;
