import type { LabResult, LabRun, LabTest, LabTried } from '@core/lab.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Banner, Chip, EmptyState, Icon, Segmented } from '@ui';
import { useState } from 'react';
import { Rich } from '../inbox/rich.tsx';
import { Sources } from '../inbox/sources.tsx';
import { OutcomeChip, reasonText } from '../inbox/whylist.tsx';
import { Answered } from '../shell/page.tsx';
import { useText } from '../state/i18n.ts';
import { isTrial, labQuery } from './labstate.ts';

type Shown = 'all' | 'failed' | 'changed';

/** What became of each question: failed tests first, then what changed. */
export function Results({ run, tests }: { run: LabRun; tests: LabTest[] }) {
  const { t, format } = useText();
  const query = useQuery(labQuery.results(run));
  const [shown, setShown] = useState<Shown>('all');
  const all = query.data ?? [];
  const list = all.filter((r) => shown === 'all' || (shown === 'failed' ? r.failed : r.changed));
  const moves = movesOf(all);
  return (
    <Answered query={query}>
      {run.models ? null : (
        <div className="px-[18px] pb-3">
          <Banner icon="info" box>
            {t('evaluate.result.no_models')}
          </Banner>
        </div>
      )}
      {moves.length ? (
        <ul aria-label={t('evaluate.result.moves')} className="flex flex-wrap gap-x-5 gap-y-1 px-[18px] pb-3">
          {moves.map((m) => (
            <li key={m.name} className="flex items-center gap-1.5">
              <b className="num font-semibold">{format.number(m.count)}</b>
              <OutcomeText outcome={m.from} />
              <Icon name="arrow" size={14} className="text-ink-3 rtl:-scale-x-100" />
              <span className="sr-only">{t('evaluate.result.becomes')}</span>
              <OutcomeText outcome={m.to} />
            </li>
          ))}
        </ul>
      ) : null}
      {all.length ? (
        <div className="px-[18px] pb-3">
          <Segmented<Shown>
            label={t('evaluate.result.show')}
            value={shown}
            onChange={setShown}
            choices={(['all', 'failed', 'changed'] as const).map((x) => ({
              value: x,
              label: `${t(`evaluate.show.${x}`)} ${format.number(
                x === 'all' ? all.length : all.filter((r) => (x === 'failed' ? r.failed : r.changed)).length,
              )}`,
            }))}
          />
        </div>
      ) : null}
      {list.length ? (
        <ol>
          {list.map((r) => (
            <Result key={r.n} r={r} test={tests.find((x) => x.id === r.test_id)} trial={isTrial(run)} />
          ))}
        </ol>
      ) : (
        <EmptyState
          icon="check"
          title={t('evaluate.result.nothing')}
          text={all.length ? t('evaluate.result.nothing_of_it') : t('evaluate.result.gone')}
        />
      )}
    </Answered>
  );
}

/** How often what became of a question would become something else. */
export function movesOf(all: LabResult[]): { name: string; from: string; to: string; count: number }[] {
  const found = new Map<string, { name: string; from: string; to: string; count: number }>();
  for (const r of all) {
    const from = r.before?.outcome;
    const to = r.after?.outcome;
    if (!from || !to || from === to) continue;
    const name = `${from} ${to}`;
    const old = found.get(name);
    found.set(name, { name, from, to, count: (old?.count ?? 0) + 1 });
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}

const outcomes = ['sent', 'asked_back', 'drafted', 'handed_over', 'flagged', 'nothing', 'failed'] as const;

function OutcomeText({ outcome }: { outcome: string }) {
  const { t } = useText();
  const known = outcomes.find((o) => o === outcome);
  return <span>{known ? t(`evaluate.became.${known}`) : outcome}</span>;
}

/** What became of a question; the lab knows two outcomes more than the inbox. */
export function BecameChip({ outcome }: { outcome: string }) {
  const { t } = useText();
  if (outcome === 'asked_back') return <Chip icon="chat">{t('evaluate.became.asked_back')}</Chip>;
  if (outcome === 'failed')
    return (
      <Chip tone="bad" icon="alert">
        {t('evaluate.became.failed')}
      </Chip>
    );
  return <OutcomeChip outcome={outcome} />;
}

function Result({ r, test, trial }: { r: LabResult; test: LabTest | undefined; trial: boolean }) {
  const { t } = useText();
  return (
    <li className="border-t border-line">
      <details className="group" open={r.failed || undefined}>
        <summary className="ring-inner flex cursor-pointer list-none items-start gap-3 px-[18px] py-2.5 hover:bg-sunken">
          <Icon
            name="right"
            size={14}
            className="mt-1 flex-none text-ink-3 transition-transform group-open:rotate-90 rtl:-scale-x-100 rtl:group-open:-rotate-90"
          />
          <span className="min-w-0 flex-1">
            <span dir="auto" className="block font-medium break-words">
              {r.question || t('evaluate.result.no_question')}
            </span>
            <span className="mt-0.5 flex flex-wrap items-center gap-1.5 text-meta text-ink-3">
              {r.test_id ? t('evaluate.result.test') : t('evaluate.result.person')}
              {r.state === 'skipped' ? <Chip>{t('evaluate.result.skipped')}</Chip> : null}
              {r.failed ? (
                <Chip tone="bad" icon="x">
                  {t('evaluate.verdict.failed')}
                </Chip>
              ) : r.test_id && r.state === 'done' ? (
                <Chip tone="ok" icon="check">
                  {t('evaluate.verdict.passed')}
                </Chip>
              ) : null}
              {r.changed ? (
                <Chip tone="warn" icon="refresh">
                  {t('evaluate.result.changed')}
                </Chip>
              ) : null}
            </span>
          </span>
        </summary>
        <div className="px-[18px] pb-4">
          {r.test_id && test ? <Expected r={r} test={test} /> : null}
          <div className="grid gap-3 min-[760px]:grid-cols-2">
            {r.before ? (
              <Side
                title={trial ? t('evaluate.side.holds') : t('evaluate.side.last')}
                tried={r.before}
                other={r.after}
              />
            ) : null}
            {r.after ? (
              <Side
                title={r.before && trial ? t('evaluate.side.trial') : t('evaluate.side.now')}
                tried={r.after}
                other={r.before}
              />
            ) : null}
          </div>
          {r.conversation_id ? (
            <Link
              to="/inbox/$view/{-$id}"
              params={{ view: 'all', id: r.conversation_id }}
              className="mt-2 inline-block font-medium text-brand-ink underline underline-offset-2"
            >
              {t('evaluate.result.open')}
            </Link>
          ) : null}
        </div>
      </details>
    </li>
  );
}

/** Each expectation of a test with whether it held. */
function Expected({ r, test }: { r: LabResult; test: LabTest }) {
  const { t } = useText();
  const { outcome, contains = [], lacks = [], passage_id = '' } = test.expect;
  const lines = [
    outcome ? { name: 'outcome', text: t(`evaluate.expect.${outcome}`) } : null,
    contains.length
      ? { name: 'contains', text: t('evaluate.expect.says', { words: contains.join(' · ') }) }
      : null,
    lacks.length ? { name: 'lacks', text: t('evaluate.expect.lacks', { words: lacks.join(' · ') }) } : null,
    passage_id ? { name: 'passage', text: t('evaluate.expect.passage') } : null,
  ].filter((x) => x !== null);
  return (
    <ul aria-label={t('evaluate.expect.title')} className="mb-3 flex flex-col gap-1">
      {lines.map((x) => {
        const held = !r.broken.includes(x.name);
        return (
          <li key={x.name} className="flex gap-2">
            <Icon name={held ? 'check' : 'x'} className={`mt-0.5 ${held ? 'text-ok' : 'text-bad'}`} />
            <span dir="auto">
              {x.text}
              <span className="sr-only"> {held ? t('test.passed') : t('test.not_passed')}</span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Side({ title, tried, other }: { title: string; tried: LabTried; other: LabTried | null }) {
  const { t, format } = useText();
  const same = other && other.text === tried.text && other.outcome === tried.outcome;
  return (
    <section className="min-w-0 rounded-medium border border-line px-3 py-2.5">
      <h3 className="mb-1.5 flex flex-wrap items-center gap-1.5 text-meta font-semibold text-ink-3">
        <span className="flex-1">{title}</span>
        {same ? <span className="font-normal">{t('evaluate.side.same')}</span> : null}
      </h3>
      {tried.text ? (
        <Rich body={tried.text} sources={tried.passages} />
      ) : (
        <p className="text-ink-3">{t('evaluate.side.silent')}</p>
      )}
      <div className="mt-2 flex flex-wrap items-center gap-1.5">
        <BecameChip outcome={tried.outcome} />
        <Sources sources={tried.passages} />
      </div>
      <p className="mt-1.5 text-meta text-ink-3">
        {[
          tried.why ? reasonText(tried.why, t) : '',
          tried.engine === 'model' ? t('evaluate.side.model') : tried.engine ? t('evaluate.side.quote') : '',
          tried.confidence ? t('why.confidence', { value: format.decimal(tried.confidence) }) : '',
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
    </section>
  );
}
