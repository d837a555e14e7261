import type { Figure, Numbers, Share } from '@core/lab.ts';
import { useQuery } from '@tanstack/react-query';
import { Banner, Button, Card, cn, EmptyState, Segmented } from '@ui';
import { useState } from 'react';
import { useKindName } from '../channels/kind.tsx';
import { Answered } from '../shell/page.tsx';
import { useText } from '../state/i18n.ts';
import { useTopicName } from './changes.tsx';
import { labQuery } from './labstate.ts';
import { money } from './money.ts';

const periods = ['7', '30', '90', '180'] as const;
type Period = (typeof periods)[number];

/** Groups of figures, in the order of the page. No figure stands for all. */
const sections = [
  { name: 'ends', figures: ['engagements', 'confirmed', 'silent', 'abandoned', 'people', 'running'] },
  { name: 'after', figures: ['reopened', 'handed_over', 'wrong'] },
  {
    name: 'said',
    figures: ['answers', 'drafts', 'drafts_unchanged', 'drafts_edited', 'drafts_discarded', 'drafts_waiting'],
  },
  { name: 'cost', figures: ['cents', 'tokens_in', 'tokens_out'] },
] as const;

type Format = ReturnType<typeof useText>['format'];

const shown = (f: { unit: string }, n: number, format: Format) =>
  f.unit === 'cents' ? money(n, format.locale) : format.number(n);

/** A period ends where the day after its last one begins. */
const lastDay = (n: Numbers) => new Date(Date.parse(n.to) - 1);

/** What became of what the AI said, good and bad, each with its meaning. */
export default function NumbersPage() {
  const { t, format } = useText();
  const [days, setDays] = useState<Period>('30');
  const query = useQuery(labQuery.numbers(Number(days)));
  const n = query.data;
  const any = n?.figures.some((f) => f.now || f.before);
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <Segmented<Period>
          label={t('evaluate.numbers.period')}
          value={days}
          onChange={setDays}
          choices={periods.map((p) => ({ value: p, label: t('evaluate.numbers.days', { n: p }) }))}
        />
        <span className="min-w-40 flex-1 text-meta text-ink-3">
          {n
            ? `${format.date(n.from)} – ${format.date(lastDay(n))}${
                n.counted_at ? ` · ${t('evaluate.numbers.counted', { when: format.full(n.counted_at) })}` : ''
              }`
            : ''}
        </span>
        {n && any ? (
          <Button size="s" icon="load" onClick={() => save(n, `parley-${days}.csv`)}>
            {t('evaluate.numbers.csv')}
          </Button>
        ) : null}
      </div>
      <Answered query={query}>
        {n?.limited ? (
          <Banner icon="info" box className="mb-4">
            {t('evaluate.numbers.limited')}
          </Banner>
        ) : null}
        {n && !any ? (
          <Card>
            <EmptyState
              icon="clock"
              title={t('evaluate.numbers.empty')}
              text={t('evaluate.numbers.empty_text')}
            />
          </Card>
        ) : null}
        {n && any ? (
          <>
            {sections.map((s) => (
              <Section
                key={s.name}
                name={s.name}
                figures={s.figures.flatMap((name) => n.figures.filter((f) => f.name === name))}
              />
            ))}
            {n.reasons.length ? <Section name="reasons" figures={n.reasons} plain /> : null}
            <Parts n={n} />
          </>
        ) : null}
      </Answered>
    </>
  );
}

const head = 'px-[18px] py-1.5 text-meta weight-550 text-ink-3 whitespace-nowrap';
const cell = 'border-t border-line px-[18px] py-2 align-top';

function Section({
  name,
  figures,
  plain,
}: {
  name: (typeof sections)[number]['name'] | 'reasons';
  figures: Figure[];
  /** All of them mean the same. */
  plain?: boolean;
}) {
  const { t, format } = useText();
  return (
    <Card title={t(`evaluate.numbers.${name}`)} text={t(`evaluate.numbers.${name}_text`)}>
      <table className="w-full border-collapse">
        <thead>
          <tr>
            <th scope="col" className={cn(head, 'text-start')}>
              {t('evaluate.numbers.figure')}
            </th>
            <th scope="col" className={cn(head, 'w-28 text-end phone:w-16')}>
              {t('evaluate.numbers.now')}
            </th>
            <th scope="col" className={cn(head, 'w-28 text-end phone:w-16')}>
              {t('evaluate.numbers.before')}
            </th>
          </tr>
        </thead>
        <tbody>
          {figures.map((f) => (
            <tr key={f.name}>
              <th scope="row" className={cn(cell, 'text-start font-normal')}>
                <span className="block font-medium">{f.title}</span>
                {plain ? null : <span className="block text-meta text-ink-3">{f.means}</span>}
              </th>
              <td className={cn(cell, 'num text-end font-semibold')}>{shown(f, f.now, format)}</td>
              <td className={cn(cell, 'num text-end text-ink-3')}>{shown(f, f.before, format)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

type By = 'topics' | 'channels' | 'languages';
const columns = [
  'engagements',
  'confirmed',
  'silent',
  'abandoned',
  'people',
  'reopened',
  'handed_over',
  'drafts_unchanged',
  'drafts_edited',
  'wrong',
  'cents',
];

function Parts({ n }: { n: Numbers }) {
  const { t, format } = useText();
  const [by, setBy] = useState<By>('topics');
  const kind = useKindName();
  const topic = useTopicName();
  const name = (s: Share) =>
    s.name === 'unknown'
      ? t('evaluate.numbers.unknown')
      : s.name === 'none'
        ? t('evaluate.numbers.no_topic')
        : by === 'channels'
          ? kind(s.name)
          : by === 'languages'
            ? format.language(s.name)
            : topic(s.name);
  const of = (c: string) => n.figures.find((f) => f.name === c);
  return (
    <Card
      title={t('evaluate.numbers.parts')}
      text={by === 'topics' ? t('evaluate.numbers.two_topics') : undefined}
      action={
        <Segmented<By>
          label={t('evaluate.numbers.parts')}
          value={by}
          onChange={setBy}
          choices={(['topics', 'channels', 'languages'] as const).map((x) => ({
            value: x,
            label: t(`evaluate.numbers.by.${x}`),
          }))}
        />
      }
    >
      <section
        tabIndex={0}
        aria-label={t('evaluate.numbers.parts')}
        className="ring-inner overflow-x-auto rounded-b-large"
      >
        <table className="w-full border-collapse">
          <thead>
            <tr>
              <th scope="col" className={cn(head, 'text-start')}>
                {t(`evaluate.numbers.by.${by}`)}
              </th>
              {columns.map((c) => (
                <th key={c} scope="col" className={cn(head, 'px-3! text-end whitespace-normal!')}>
                  {of(c)?.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {n[by].map((s) => (
              <tr key={s.name}>
                <th scope="row" dir="auto" className={cn(cell, 'text-start font-medium whitespace-nowrap')}>
                  {name(s)}
                </th>
                {columns.map((c) => (
                  <td key={c} className={cn(cell, 'num px-3! text-end')}>
                    {shown(of(c) ?? { unit: 'count' }, s.figures[c] ?? 0, format)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Card>
  );
}

/** Every figure as a table: part, name, figure, meaning, now, before. */
export function csv(n: Numbers): string {
  const rows: (string | number)[][] = [['part', 'name', 'figure', 'unit', 'now', 'before', 'means']];
  for (const f of [...n.figures, ...n.reasons.map((r) => ({ ...r, name: `handed_over.${r.name}` }))]) {
    rows.push(['all', '', f.name, f.unit, f.now, f.before, f.means]);
  }
  for (const by of ['topics', 'channels', 'languages'] as const) {
    for (const s of n[by]) {
      for (const [figure, now] of Object.entries(s.figures)) {
        rows.push([by, s.name, figure, figure === 'cents' ? 'cents' : 'count', now, '', '']);
      }
    }
  }
  return rows.map((r) => r.map(field).join(',')).join('\r\n');
}

/** A field as a table reads it: nothing in it is a formula, and a comma is a comma. */
function field(v: string | number): string {
  if (typeof v === 'number') return String(v);
  const safe = /^[=+\-@\t\r]/.test(v) ? `'${v}` : v;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function save(n: Numbers, name: string): void {
  const url = URL.createObjectURL(new Blob([`\uFEFF${csv(n)}`], { type: 'text/csv;charset=utf-8' }));
  const a = document.createElement('a');
  a.href = url;
  a.download = name;
  a.click();
  URL.revokeObjectURL(url);
}
