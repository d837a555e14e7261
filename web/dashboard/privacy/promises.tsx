import type { TextKey } from '@core/i18n/translate.ts';
import { type Promised, promises } from '@core/promises.ts';
import { useQuery } from '@tanstack/react-query';
import { Banner, Card, Chip, EmptyState, Field, Icon, Input, Select } from '@ui';
import type { Tone } from '@ui/chip.tsx';
import { useState } from 'react';
import { Answered } from '../shell/page.tsx';
import { useText } from '../state/i18n.ts';

const states = ['proven', 'failed', 'unproven', 'not_applicable'] as const;
type State = (typeof states)[number];
const tones: Record<State, Tone> = { proven: 'ok', failed: 'bad', unproven: 'warn', not_applicable: 'plain' };

type Chapter = { name: string; title: string; all: Promised[] };

/** By chapter, in the order of print; a clause that repeats another stands with that one. */
function chapters(all: Promised[]): Chapter[] {
  const out = new Map<string, Chapter>();
  for (const c of all) {
    const one = out.get(c.chapter) ?? { name: c.chapter, title: c.title, all: [] };
    one.all.push(c);
    out.set(c.chapter, one);
  }
  return [...out.values()];
}

const fits = (c: Promised, state: State | 'all', word: string) =>
  (state === 'all' || c.state === state) &&
  (!word || `${c.clause} ${c.says} ${c.check} ${c.why} ${c.install.why}`.toLocaleLowerCase().includes(word));

/** What is promised to people, and what of it the checks saw to be so. */
export default function Promises() {
  const { t, format } = useText();
  const [state, setState] = useState<State | 'all'>('all');
  const [word, setWord] = useState('');
  const query = useQuery({
    queryKey: ['promises'],
    queryFn: ({ signal }) => promises.list({ signal }),
    staleTime: 60_000,
  });
  const all = query.data?.items ?? [];
  const count = (s: State) => all.filter((c) => c.state === s).length;
  const shown = chapters(all.filter((c) => fits(c, state, word.trim().toLocaleLowerCase())));
  return (
    <Answered query={query}>
      {query.data?.words ? (
        <Banner box className="mb-5" tone={query.data.standing === 'forged' ? 'bad' : 'warn'} icon="alert">
          {query.data.words}
        </Banner>
      ) : null}
      <dl className="mb-5 grid grid-cols-4 gap-3 phone:grid-cols-2">
        {states.map((s) => (
          <div key={s} className="rounded-large border border-line bg-surface px-[18px] py-3">
            <dt className="text-meta text-ink-3">{t(`promised.${s}`)}</dt>
            <dd className={`num text-page weight-650 ${s === 'failed' && count(s) ? 'text-bad' : ''}`}>
              {format.number(count(s))}
            </dd>
          </div>
        ))}
      </dl>
      <Card
        title={t('promised.title')}
        text={
          query.data?.at ? t('promised.checked', { when: format.full(query.data.at) }) : t('promised.text')
        }
      >
        <div className="flex flex-wrap items-end gap-3 px-[18px] pt-1 pb-4">
          <Field label={t('promised.show')} className="min-w-44">
            <Select value={state} onChange={(e) => setState(e.target.value as State | 'all')}>
              {(['all', ...states] as const).map((s) => (
                <option key={s} value={s}>
                  {t(`promised.${s}`)}
                </option>
              ))}
            </Select>
          </Field>
          <Field label={t('promised.find')} className="min-w-56 flex-1">
            <Input type="search" value={word} onChange={(e) => setWord(e.target.value)} />
          </Field>
        </div>
        {shown.length ? null : (
          <EmptyState icon="search" title={t('promised.none')} text={t('promised.none_text')} />
        )}
        {shown.map((c) => (
          <Part
            key={c.name}
            chapter={c}
            of={all.filter((x) => x.chapter === c.name)}
            open={state !== 'all' || word !== ''}
          />
        ))}
      </Card>
    </Answered>
  );
}

/** One chapter: folded until somebody looks for something. */
function Part({ chapter, of, open }: { chapter: Chapter; of: Promised[]; open: boolean }) {
  const { t } = useText();
  const proven = of.filter((c) => c.state === 'proven').length;
  const failed = of.filter((c) => c.state === 'failed').length;
  return (
    <details open={open} className="group border-t border-line">
      <summary className="flex cursor-pointer flex-wrap items-center gap-x-3 gap-y-1 px-[18px] py-3 hover:bg-hover">
        <Icon name="down" size={14} className="-rotate-90 text-ink-3 group-open:rotate-0" />
        <h3 className="min-w-40 flex-1 font-medium">{chapter.title}</h3>
        {failed ? <Chip tone="bad">{t('promised.failed_count', { count: failed })}</Chip> : null}
        <span className="num text-ink-3">{t('promised.of', { n: proven, of: of.length })}</span>
      </summary>
      <ul aria-label={chapter.title}>
        {chapter.all.map((c) => (
          <Clause key={c.clause} c={c} />
        ))}
      </ul>
    </details>
  );
}

function Clause({ c }: { c: Promised }) {
  const { t, format } = useText();
  const facts = [
    c.clause,
    c.repeats ? t('promised.repeats', { clause: c.repeats }) : '',
    c.at ? t('promised.at', { when: format.full(c.at) }) : '',
    c.install.at ? t(`promised.here_${c.install.state}` as TextKey, { when: format.full(c.install.at) }) : '',
  ];
  return (
    <li className="border-t border-line px-[18px] py-2.5">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-1.5">
        <span className="min-w-56 flex-1">
          <span className="block">{c.says}</span>
          {c.why ? <span className="block text-ink-2">{c.why}</span> : null}
          {c.install.why ? (
            <span className="block text-ink-2">{t('promised.here', { why: c.install.why })}</span>
          ) : null}
          {c.state === 'not_applicable' ? (
            <span className="block text-ink-2">{t('promised.by_people', { how: c.support })}</span>
          ) : null}
          <span className="num block text-ink-3">{facts.filter(Boolean).join(' · ')}</span>
          {c.evidence ? (
            <code className="block text-meta break-all text-ink-3">
              {t('promised.evidence', { hash: c.evidence })}
            </code>
          ) : null}
        </span>
        <Chip tone={tones[c.state as State]}>{t(`promised.${c.state}` as TextKey)}</Chip>
      </div>
    </li>
  );
}
