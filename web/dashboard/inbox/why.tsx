import { ai, type Fault, type Rested, type Run } from '@core/ai.ts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Banner, Button, Chip, Dialog, Field, Icon, Textarea } from '@ui';
import { type FormEvent, type ReactNode, useState } from 'react';
import { money } from '../ai/money.ts';
import { Block, pretty } from '../ai/prompt.tsx';
import { expectedOf, SaveTest } from '../ai/savetest.tsx';
import { CorrectButton } from '../knowledge/correctbutton.tsx';
import { Answered } from '../shell/page.tsx';
import { problemText, useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';
import { duration, OutcomeChip, reasonText, WhyList } from './whylist.tsx';

/** Why the AI said what it said, as it was decided then; and a way to say that it was wrong. */
export default function WhyDialog({
  run,
  conversation,
  message,
  onClose,
}: {
  run: string;
  conversation: string;
  /** '' for a draft: nobody was told it yet. */
  message: string;
  onClose: () => void;
}) {
  const { t } = useText();
  const query = useQuery({
    queryKey: ['run', run],
    queryFn: ({ signal }) => ai.run(run, { signal }),
    staleTime: 60_000,
  });
  const [reporting, setReporting] = useState(false);
  return (
    <Dialog open onClose={onClose} title={t('message.why')} closeLabel={t('app.close')} wide>
      <Answered query={query}>
        {query.data ? (
          <>
            <Facts r={query.data} />
            <WhyList w={query.data} />
            <Passages r={query.data} />
            <Logs conversation={conversation} run={query.data} />
            <Keep r={query.data} />
          </>
        ) : null}
      </Answered>
      {reporting ? (
        <div className="mt-4 border-t border-line pt-4">
          <Report message={message} onLeave={() => setReporting(false)} />
        </div>
      ) : (
        <div className="mt-4 flex flex-wrap gap-2 border-t border-line pt-4 empty:hidden">
          {query.data ? (
            <CorrectButton
              answered={query.data.decision === 'answer'}
              question={query.data.question}
              channel=""
              passages={query.data.passages}
            />
          ) : null}
          {message ? (
            <Button size="s" icon="alert" onClick={() => setReporting(true)}>
              {t('why.report.open')}
            </Button>
          ) : null}
        </div>
      )}
    </Dialog>
  );
}

function Facts({ r }: { r: Run }) {
  const { t, format } = useText();
  return (
    <div className="mb-2 flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-3">
      <OutcomeChip outcome={r.outcome} past />
      {r.reason ? <span className="text-ink">{reasonText(r.reason, t)}</span> : null}
      <span className="num">
        {format.full(r.at)} · {duration(r.ms, t, format)}
        {r.engine === 'model' ? ` · ${money(r.cents, format.locale)}` : ''}
        {r.settings_version ? ` · ${t('agent.history.version', { n: String(r.settings_version) })}` : ''}
      </span>
    </div>
  );
}

/** Makes a test of what was asked, where its words may be used. */
function Keep({ r }: { r: Run }) {
  const channels = useQuery({ ...q.channels(), enabled: useCan('channel.read') });
  if (!r.question) return null;
  return (
    <div className="mt-4">
      <SaveTest
        channels={channels.data?.items ?? []}
        begun={{
          question: r.question,
          language: r.language,
          channel: '',
          outcome: expectedOf(r.decision),
          passages: r.passages.filter((p) => !gone(p)),
          theirs: true,
        }}
      />
    </div>
  );
}

const gone = (p: Rested) => !p.name && !p.text;

function Passages({ r }: { r: Run }) {
  const { t, format } = useText();
  if (r.passages.length === 0) return null;
  return (
    <section className="mt-3">
      <h3 className="mb-1.5 text-meta font-semibold">{t('test.passages')}</h3>
      <ul className="flex flex-col gap-2">
        {r.passages.map((p) => (
          <li key={p.passage_id} className="rounded-medium border border-line px-3 py-2">
            <p className="flex items-center gap-1.5">
              <Icon name="book" size={14} className="text-ai-ink" />
              <span className="min-w-0 flex-1 truncate font-semibold">
                {p.name || t('why.gone_source', { n: String(p.n) })}
                {p.heading && p.heading !== p.name ? `, ${p.heading}` : ''}
              </span>
              {gone(p) ? <Chip tone="warn">{t('why.gone')}</Chip> : null}
              {p.meaning ? (
                <Chip icon="spark">
                  {t('why.by_meaning', {
                    n: String(p.meaning.place),
                    like: format.decimal(p.meaning.likeness),
                  })}
                </Chip>
              ) : null}
              <span className="num text-meta text-ink-3">{format.decimal(p.score)}</span>
            </p>
            {p.text || p.quote ? (
              <blockquote
                dir="auto"
                className="mt-1 line-clamp-4 border-s-2 border-ai ps-2.5 text-start whitespace-pre-wrap text-ink-2"
              >
                {p.text || p.quote}
              </blockquote>
            ) : null}
            {p.source_id && !gone(p) ? (
              <Link
                to="/knowledge/{-$id}"
                params={{ id: p.source_id }}
                className="mt-1 inline-block font-medium text-brand-ink underline underline-offset-2"
              >
                {t('source.open')}
              </Link>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What was sent to the vendor and came back. Reading it is written down. */
function Logs({ conversation, run }: { conversation: string; run: Run }) {
  const { t, format } = useText();
  const may = useCan('workspace.write');
  const logs = useMutation({
    mutationFn: async () => (await ai.logs(conversation)).items.filter((l) => l.run_id === run.id),
  });
  if (!may || run.engine !== 'model') return null;
  if (!logs.data) {
    return (
      <section className="mt-4 flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <Button size="s" icon="eye" busy={logs.isPending} onClick={() => logs.mutate()}>
          {t('why.logs.open')}
        </Button>
        <span className="text-meta text-ink-3">{t('why.logs.text')}</span>
        {logs.error ? <Bad>{problemText(t, logs.error)}</Bad> : null}
      </section>
    );
  }
  return (
    <section className="mt-4 flex flex-col gap-3">
      <h3 className="text-meta font-semibold">{t('why.logs.title')}</h3>
      {logs.data.length === 0 ? <p className="text-ink-3">{t('why.logs.none')}</p> : null}
      {logs.data.map((l) => (
        <details key={l.id}>
          <summary className="cursor-pointer font-medium">
            {format.full(l.at)} · {t(`agent.purpose.${l.purpose}`)} · {l.model}
          </summary>
          <div className="mt-2 flex flex-col gap-2">
            <Block title={t('why.logs.prompt')} text={pretty(l.prompt)} />
            <Block title={t('why.logs.completion')} text={pretty(l.completion)} />
          </div>
        </details>
      ))}
    </section>
  );
}

function Bad({ children }: { children: ReactNode }) {
  return (
    <Banner tone="bad" icon="alert" box role="alert" className="w-full">
      {children}
    </Banner>
  );
}

const faults: Fault[] = ['wrong', 'biased', 'harmful', 'other'];

/** Says what is wrong with an answer; it becomes a case somebody looks at. */
function Report({ message, onLeave }: { message: string; onLeave: () => void }) {
  const { t } = useText();
  const [reason, setReason] = useState<Fault>('wrong');
  const [note, setNote] = useState('');
  const report = useMutation({ mutationFn: () => ai.report(message, reason, note.trim()) });
  const send = (e: FormEvent) => {
    e.preventDefault();
    report.mutate();
  };
  if (report.data) {
    return (
      <Banner tone="info" icon="check" box>
        {t('why.report.done')}
      </Banner>
    );
  }
  return (
    <form onSubmit={send} className="flex flex-col gap-3">
      <fieldset>
        <legend className="mb-1.5 font-medium">{t('why.report.what')}</legend>
        <div className="flex flex-col gap-1.5">
          {faults.map((f) => (
            <label key={f} className="flex items-start gap-2 phone:min-h-9">
              <input
                type="radio"
                name="fault"
                checked={reason === f}
                onChange={() => setReason(f)}
                className="mt-0.5 size-4 flex-none accent-brand"
              />
              <span>
                <span className="font-medium">{t(`why.report.${f}`)}</span>{' '}
                <span className="text-ink-3">{t(`why.report.${f}_text`)}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <Field label={t('why.report.note')} hint={t('why.report.note_text')}>
        <Textarea
          rows={2}
          dir="auto"
          maxLength={1000}
          value={note}
          onChange={(e) => setNote(e.target.value)}
        />
      </Field>
      {report.error ? <Bad>{problemText(t, report.error)}</Bad> : null}
      <div className="flex gap-2">
        <Button kind="primary" size="s" type="submit" busy={report.isPending}>
          {t('why.report.send')}
        </Button>
        <Button kind="ghost" size="s" onClick={onLeave}>
          {t('app.cancel')}
        </Button>
      </div>
    </form>
  );
}
