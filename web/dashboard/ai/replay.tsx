import type { Vendor } from '@core/ai.ts';
import type { Trial } from '@core/lab.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Card, CardBody, EmptyState, Field, Input, Select, Slider } from '@ui';
import { type ReactNode, useState } from 'react';
import { k } from '../knowledge/state.ts';
import { Answered } from '../shell/page.tsx';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Going, RunLine } from './going.tsx';
import { isTrial, type Runs, useTests } from './labstate.ts';
import { Results } from './results.tsx';
import type { Editing } from './state.ts';

type What = 'draft' | 'limit' | 'model' | 'without';
const amounts = [20, 50, 100, 200];
const vendors: Vendor[] = ['openai', 'anthropic', 'compatible'];

/** Asks what people asked last under a change that does not hold yet. */
export default function Replay({ e, runs }: { e: Editing; runs: Runs }) {
  const { t, format } = useText();
  const may = useCan('workspace.write');
  const mayRead = useCan('conversation.read');
  const { tests } = useTests();
  const [chosen, setChosen] = useState('');
  const trials = runs.runs.filter((r) => isTrial(r) && r.state !== 'running');
  const shown = trials.find((r) => r.id === chosen) ?? trials[0];
  return (
    <>
      {may ? <Ask e={e} runs={runs} /> : null}
      <Answered query={runs.query}>
        {shown ? (
          <Card
            title={t('evaluate.replay.result')}
            text={<RunLine run={shown} />}
            action={
              trials.length > 1 ? (
                <Select
                  aria-label={t('evaluate.replay.earlier')}
                  value={shown.id}
                  onChange={(x) => setChosen(x.target.value)}
                >
                  {trials.map((r) => (
                    <option key={r.id} value={r.id}>
                      {format.full(r.at)}
                    </option>
                  ))}
                </Select>
              ) : undefined
            }
          >
            {mayRead ? <Results run={shown} tests={tests} /> : null}
          </Card>
        ) : (
          <Card>
            <EmptyState
              icon="refresh"
              title={t('evaluate.replay.empty')}
              text={t('evaluate.replay.empty_text')}
            />
          </Card>
        )}
      </Answered>
    </>
  );
}

function Ask({ e, runs }: { e: Editing; runs: Runs }) {
  const { t, format } = useText();
  const { base, mine } = e;
  const edited = JSON.stringify(base.ai) !== JSON.stringify(mine.ai);
  const [picked, setWhat] = useState<What | ''>('');
  const what = picked || (edited ? 'draft' : 'limit');
  const [limit, setLimit] = useState(base.ai.confidence);
  const [vendor, setVendor] = useState<Vendor>(base.ai.provider || 'openai');
  const [model, setModel] = useState(base.ai.models[base.ai.provider || 'openai'] ?? '');
  const [without, setWithout] = useState<string[]>([]);
  const [questions, setQuestions] = useState(50);
  const models = base.ai.purposes.includes('evaluate');
  const trial = (): Trial => {
    switch (what) {
      case 'draft':
        return { questions, settings: mine.ai };
      case 'limit':
        return { questions, settings: { ...base.ai, confidence: limit } };
      case 'model':
        return {
          questions,
          settings: { ...base.ai, provider: vendor, models: { ...base.ai.models, [vendor]: model.trim() } },
        };
      case 'without':
        return { questions, knowledge: { exclude_sources: without } };
    }
  };
  const ready =
    what === 'draft'
      ? edited
      : what === 'limit'
        ? limit !== base.ai.confidence
        : what === 'model'
          ? model.trim() !== '' && (vendor !== base.ai.provider || model.trim() !== base.ai.models[vendor])
          : without.length > 0;
  return (
    <Card title={t('evaluate.replay.title')} text={t('evaluate.replay.text')}>
      <CardBody>
        <fieldset className="flex flex-col gap-3">
          <legend className="mb-2 font-medium">{t('evaluate.replay.what')}</legend>
          <Way
            name="draft"
            what={what}
            onPick={setWhat}
            text={
              edited
                ? t('evaluate.replay.draft_text', { count: e.changes.length })
                : t('evaluate.replay.no_draft')
            }
          />
          <Way name="limit" what={what} onPick={setWhat} text={t('evaluate.replay.limit_text')}>
            <div className="flex max-w-90 items-center gap-3">
              <Slider
                label={t('agent.confidence.title')}
                value={limit}
                max={1}
                step={0.01}
                text={format.decimal(limit)}
                onChange={(v) => setLimit(Math.round(v * 100) / 100)}
                className="flex-1"
              />
              <b className="num w-10 font-semibold">{format.decimal(limit)}</b>
            </div>
            <Link
              to="/ai/{-$tab}"
              params={{ tab: undefined }}
              className="font-medium text-brand-ink underline underline-offset-2"
            >
              {t('evaluate.replay.limits')}
            </Link>
          </Way>
          <Way name="model" what={what} onPick={setWhat} text={t('evaluate.replay.model_text')}>
            <div className="grid max-w-120 gap-3 min-[560px]:grid-cols-2">
              <Field label={t('evaluate.replay.vendor')}>
                <Select
                  value={vendor}
                  onChange={(x) => {
                    const next = x.target.value as Vendor;
                    setVendor(next);
                    setModel(base.ai.models[next] ?? '');
                  }}
                >
                  {vendors.map((v) => (
                    <option key={v} value={v}>
                      {t(`agent.vendor.${v}`)}
                    </option>
                  ))}
                </Select>
              </Field>
              <Field label={t('evaluate.replay.model_name')}>
                <Input value={model} maxLength={200} onChange={(x) => setModel(x.target.value)} />
              </Field>
            </div>
          </Way>
          <Way name="without" what={what} onPick={setWhat} text={t('evaluate.replay.without_text')}>
            <Sources chosen={without} onChange={setWithout} />
          </Way>
        </fieldset>
        <Field label={t('evaluate.replay.questions')} hint={t('evaluate.replay.questions_text')}>
          <Select
            value={String(questions)}
            onChange={(x) => setQuestions(Number(x.target.value))}
            className="w-44"
          >
            {amounts.map((n) => (
              <option key={n} value={n}>
                {t('evaluate.replay.last', { n: String(n) })}
              </option>
            ))}
          </Select>
        </Field>
        <div className="flex flex-wrap items-center gap-3">
          <Button
            kind="primary"
            icon="play"
            busy={runs.busy}
            disabled={!ready || !!runs.now}
            onClick={() => void runs.begin(trial())}
          >
            {t('evaluate.replay.begin')}
          </Button>
          <p className="min-w-60 flex-1 text-meta text-ink-3">
            {ready
              ? models
                ? t('evaluate.replay.models')
                : t('evaluate.replay.no_models')
              : t('evaluate.replay.choose')}
          </p>
        </div>
      </CardBody>
      <Going runs={runs} may />
    </Card>
  );
}

function Way({
  name,
  what,
  text,
  onPick,
  children,
}: {
  name: What;
  what: What;
  text: string;
  onPick: (what: What) => void;
  children?: ReactNode;
}) {
  const { t } = useText();
  return (
    <div>
      <label className="flex items-start gap-2 phone:min-h-9">
        <input
          type="radio"
          name="what"
          checked={what === name}
          onChange={() => onPick(name)}
          className="mt-0.5 size-4 flex-none accent-brand"
        />
        <span>
          <span className="font-medium">{t(`evaluate.replay.${name}`)}</span>{' '}
          <span className="text-ink-3">{text}</span>
        </span>
      </label>
      {what === name && children ? <div className="ms-6 mt-2">{children}</div> : null}
    </div>
  );
}

function Sources({ chosen, onChange }: { chosen: string[]; onChange: (ids: string[]) => void }) {
  const { t } = useText();
  const query = useInfiniteQuery(k.sources());
  const all = query.data?.pages.flatMap((p) => p.items) ?? [];
  if (query.data && !all.length) return <p className="text-ink-3">{t('evaluate.replay.no_sources')}</p>;
  return (
    <ul
      aria-label={t('evaluate.replay.without')}
      className="flex max-h-52 flex-col gap-1 overflow-auto rounded-medium border border-line p-2.5"
    >
      {all.map((s) => (
        <li key={s.id}>
          <label className="flex items-start gap-2">
            <input
              type="checkbox"
              checked={chosen.includes(s.id)}
              onChange={(x) =>
                onChange(x.target.checked ? [...chosen, s.id] : chosen.filter((id) => id !== s.id))
              }
              className="mt-0.5 size-4 flex-none accent-brand"
            />
            <span dir="auto">{s.name}</span>
          </label>
        </li>
      ))}
    </ul>
  );
}
