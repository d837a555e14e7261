import { knowledge } from '@core/knowledge.ts';
import type { Answer } from '@core/types.ts';
import { useMutation } from '@tanstack/react-query';
import { Button, Chip, cn, Dialog, EmptyState, Icon, Input, Spinner, type Tone } from '@ui';
import { type FormEvent, useState } from 'react';
import { Rich } from '../inbox/rich.tsx';
import { Sources } from '../inbox/sources.tsx';
import { problemText } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';

/** Beside the page where there is room, over it where there is not. */
export function TestPanel({ open, onClose, label }: { open: boolean; onClose: () => void; label: string }) {
  const { t } = useText();
  return (
    <>
      <aside
        aria-label={label}
        className="flex min-h-0 flex-col border-s border-line bg-surface max-[1279px]:hidden"
      >
        <header className="flex h-16 flex-none items-center gap-2 border-b border-line px-4">
          <h2 className="text-msg weight-650">{label}</h2>
        </header>
        <Ask />
      </aside>
      <Dialog open={open} onClose={onClose} title={label} closeLabel={t('app.close')} wide>
        <div className="-mx-5 -mb-5 flex flex-col">
          <Ask />
        </div>
      </Dialog>
    </>
  );
}

const decisions: Record<Answer['decision'], Tone> = {
  answer: 'ok',
  did_you_mean: 'warn',
  hand_over: 'brand',
  nothing: 'plain',
};

function Ask() {
  const { t } = useText();
  const [question, setQuestion] = useState('');
  const [asked, setAsked] = useState('');
  const ask = useMutation({ mutationFn: (text: string) => knowledge.ask(text) });
  const submit = (e: FormEvent) => {
    e.preventDefault();
    const text = question.trim();
    if (!text || ask.isPending) return;
    setAsked(text);
    setQuestion('');
    ask.mutate(text);
  };
  return (
    <>
      <div className="min-h-0 flex-1 overflow-auto">
        {!asked ? <EmptyState icon="spark" title={t('test.empty')} text={t('test.empty_text')} /> : null}
        {asked ? (
          <div className="flex flex-col gap-2.5 p-4" aria-live="polite">
            <p
              dir="auto"
              className="max-w-[88%] self-end rounded-large bg-brand px-3 py-[9px] text-start text-[13.5px] break-words text-on-brand"
            >
              {asked}
            </p>
            {ask.isPending ? <Spinner label={t('app.loading')} /> : null}
            {ask.error ? (
              <p role="alert" className="text-bad">
                {problemText(t, ask.error)}
              </p>
            ) : null}
            {ask.data ? <Said answer={ask.data} /> : null}
          </div>
        ) : null}
        {asked && ask.data ? <Why answer={ask.data} /> : null}
      </div>
      <form
        onSubmit={submit}
        className="sticky -bottom-5 flex flex-none gap-2 border-t border-line bg-surface px-4 py-3"
      >
        <Input
          aria-label={t('test.question')}
          placeholder={t('test.placeholder')}
          value={question}
          maxLength={2000}
          dir="auto"
          onChange={(e) => setQuestion(e.target.value)}
          className="h-9! phone:h-11!"
        />
        <Button
          kind="primary"
          type="submit"
          icon="send"
          aria-label={t('test.ask')}
          className="h-9! w-9! flex-none px-0! phone:h-11! phone:w-11!"
        />
      </form>
    </>
  );
}

function Said({ answer: a }: { answer: Answer }) {
  const { t } = useText();
  return (
    <>
      {a.answer ? (
        <div className="max-w-[88%] self-start rounded-large border border-ai-line bg-ai-soft px-3 py-[9px]">
          <Rich body={a.answer} sources={a.passages} />
        </div>
      ) : null}
      {a.decision === 'did_you_mean' && a.suggestions.length ? (
        <ul className="flex flex-wrap gap-1.5" aria-label={t('test.suggestions')}>
          {a.suggestions.map((s) => (
            <li
              key={s.passage_id}
              dir="auto"
              className="rounded-medium border border-line px-2 py-1 text-meta font-medium"
            >
              {s.label}
            </li>
          ))}
        </ul>
      ) : null}
      <div className="flex flex-wrap items-center gap-1.5">
        {a.decision === 'answer' ? <Sources sources={a.passages.slice(0, 1)} /> : null}
        <Chip tone={decisions[a.decision]}>{t(`test.decision.${a.decision}`)}</Chip>
      </div>
    </>
  );
}

function Why({ answer: a }: { answer: Answer }) {
  const { t, format } = useText();
  const show = (v: number) => (Number.isInteger(v) ? format.number(v) : format.decimal(v));
  return (
    <section className="border-t border-line px-4 py-3.5">
      <h3 className="mb-2 flex text-meta font-semibold">
        <span className="flex-1">{t('test.why')}</span>
        <span className="num font-normal text-ink-3">
          {t('test.took', { ms: format.number(Math.round(a.ms)) })}
        </span>
      </h3>
      <ol>
        <Line ok text={t('test.language', { language: format.language(a.language) })} />
        <Line
          ok={a.passages.length > 0}
          text={t('test.found', { count: a.passages.length })}
          more={a.passages
            .slice(0, 3)
            .map((p) => `${p.heading || p.name} (${format.decimal(p.score)})`)
            .join(', ')}
        />
        {a.checks
          .filter((c) => c.name !== 'found')
          .map((c) => (
            <Line
              key={c.name}
              ok={c.ok}
              text={checkName(c.name, t)}
              more={c.limit ? t('test.check', { value: show(c.value), limit: show(c.limit) }) : undefined}
            />
          ))}
      </ol>
      {a.reason ? <p className="mt-2 text-meta text-ink-3">{reasonText(a.reason, t)}</p> : null}
      {a.passages.length ? (
        <>
          <h3 className="mt-4 mb-2 text-meta font-semibold">{t('test.passages')}</h3>
          <Sources sources={a.passages} />
        </>
      ) : null}
    </section>
  );
}

type T = ReturnType<typeof useText>['t'];
const checks = ['confidence', 'coverage', 'number', 'chosen'] as const;
const reasons = ['asked_for_person', 'no_answer', 'topic', 'error', 'low_confidence', 'off'] as const;

function checkName(name: string, t: T): string {
  const known = checks.find((c) => c === name);
  return known ? t(`check.${known}`) : name;
}

function reasonText(reason: string, t: T): string {
  const known = reasons.find((r) => r === reason);
  return known ? t(`hand_over.${known}`) : reason;
}

function Line({ ok, text, more }: { ok: boolean; text: string; more?: string }) {
  const { t } = useText();
  return (
    <li className="grid grid-cols-[18px_minmax(0,1fr)] gap-2 py-1.5">
      <Icon name={ok ? 'check' : 'x'} className={cn('mt-0.5', ok ? 'text-ok' : 'text-warn')} />
      <div>
        {text}
        <span className="sr-only">{ok ? t('test.passed') : t('test.not_passed')}</span>
        {more ? <small className="block text-meta text-ink-3">{more}</small> : null}
      </div>
    </li>
  );
}
