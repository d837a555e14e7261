import { ai, type Tried } from '@core/ai.ts';
import type { Channel } from '@core/types.ts';
import { useMutation } from '@tanstack/react-query';
import { Button, EmptyState, IconButton, Input, Select, Spinner } from '@ui';
import { type FormEvent, useState } from 'react';
import { useKindName } from '../channels/kind.tsx';
import { Rich } from '../inbox/rich.tsx';
import { Sources } from '../inbox/sources.tsx';
import { duration, OutcomeChip, reasonText, WhyList } from '../inbox/whylist.tsx';
import { CorrectButton } from '../knowledge/correctbutton.tsx';
import { problemText } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { money } from './money.ts';
import { PromptButton } from './prompt.tsx';
import { expectedOf, SaveTest } from './savetest.tsx';

/** Asks as a customer would, on one kind of channel. Nothing is sent to anybody or kept. */
export function TryPanel({
  channels,
  unsaved,
  heading,
}: {
  channels: Channel[];
  unsaved: boolean;
  heading?: string;
}) {
  const { t } = useText();
  const kindName = useKindName();
  const kinds = [...new Set(channels.map((c) => c.kind))];
  const [chosen, setKind] = useState('');
  const kind = chosen || (kinds[0] ?? ''); // the channels may come later than the panel
  const [question, setQuestion] = useState('');
  const [asked, setAsked] = useState('');
  const ask = useMutation({
    mutationFn: (x: { text: string; kind: string }) => ai.ask(x.text, x.kind),
  });
  const put = (text: string, on: string) => {
    setAsked(text);
    ask.mutate({ text, kind: on });
  };
  const submit = (e: FormEvent) => {
    e.preventDefault();
    const text = question.trim();
    if (!text || ask.isPending) return;
    setQuestion('');
    put(text, kind);
  };
  const reset = () => {
    setAsked('');
    ask.reset();
  };
  return (
    <>
      <div
        className={
          heading
            ? 'flex h-16 flex-none items-center gap-2 border-b border-line px-4'
            : 'flex flex-none items-center gap-2 border-b border-line px-4 pb-3'
        }
      >
        {heading ? <h2 className="flex-1 text-msg weight-650">{heading}</h2> : <span className="flex-1" />}
        {kinds.length > 1 ? (
          <Select
            aria-label={t('contact.channel')}
            value={kind}
            onChange={(e) => {
              setKind(e.target.value);
              if (asked) put(asked, e.target.value);
            }}
          >
            {kinds.map((k) => (
              <option key={k} value={k}>
                {kindName(k)}
              </option>
            ))}
          </Select>
        ) : null}
        <IconButton icon="refresh" size="s" label={t('agent.try.reset')} disabled={!asked} onClick={reset} />
      </div>
      <div className="min-h-0 flex-1 overflow-auto">
        {asked ? null : <EmptyState icon="spark" title={t('test.empty')} text={t('test.empty_text')} />}
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
            {ask.data ? <Said a={ask.data} /> : null}
          </div>
        ) : null}
        {asked && ask.data ? (
          <Why
            a={ask.data}
            asked={asked}
            on={ask.variables?.kind ?? kind}
            channels={channels}
            unsaved={unsaved}
            onCorrected={() => put(asked, kind)}
          />
        ) : null}
      </div>
      <form
        onSubmit={submit}
        className="sticky -bottom-5 flex flex-none flex-col gap-1.5 border-t border-line bg-surface px-4 py-3"
      >
        {unsaved ? <p className="text-meta text-ink-3">{t('agent.try.unsaved')}</p> : null}
        <div className="flex gap-2">
          <Input
            aria-label={t('agent.try.question')}
            placeholder={t('agent.try.placeholder')}
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
        </div>
      </form>
    </>
  );
}

function Said({ a }: { a: Tried }) {
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
        <OutcomeChip outcome={a.outcome} />
      </div>
      {a.why ? <p className="text-ink-3">{reasonText(a.why, t)}</p> : null}
    </>
  );
}

function Why({
  a,
  asked,
  on,
  channels,
  unsaved,
  onCorrected,
}: {
  a: Tried;
  asked: string;
  /** The kind of channel it was asked on. */
  on: string;
  channels: Channel[];
  unsaved: boolean;
  onCorrected: () => void;
}) {
  const { t, format } = useText();
  return (
    <section className="border-t border-line px-4 py-3.5">
      <h3 className="mb-2 flex text-meta font-semibold">
        <span className="flex-1">{t('test.why')}</span>
        <span className="num font-normal text-ink-3">
          {duration(a.ms, t, format)}
          {a.engine === 'model' ? ` · ${money(a.cents, format.locale)}` : ''}
        </span>
      </h3>
      <WhyList w={a} />
      {a.passages.length ? (
        <>
          <h3 className="mt-4 mb-2 text-meta font-semibold">{t('test.passages')}</h3>
          <Sources sources={a.passages} />
        </>
      ) : null}
      <div className="mt-3.5 flex flex-wrap gap-2">
        <CorrectButton
          answered={a.decision === 'answer'}
          question={asked}
          channel={on}
          passages={a.passages}
          onDone={onCorrected}
        />
        <PromptButton question={asked} unsaved={unsaved} />
        <SaveTest
          channels={channels}
          begun={{
            question: asked,
            language: a.language,
            channel: on,
            outcome: expectedOf(a.decision),
            passages: a.passages,
          }}
        />
      </div>
    </section>
  );
}
