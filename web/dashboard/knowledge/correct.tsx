import { ai, type Rested, type Tried } from '@core/ai.ts';
import { passages as calls, correct, knowledge } from '@core/knowledge.ts';
import { key } from '@core/merge.ts';
import { asProblem } from '@core/problem.ts';
import { waitFor } from '@core/stream.ts';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Banner, Button, Dialog, Field, Icon, Input, Select, Spinner, Textarea } from '@ui';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Rich } from '../inbox/rich.tsx';
import { Sources } from '../inbox/sources.tsx';
import { OutcomeChip, reasonText } from '../inbox/whylist.tsx';
import { Answered } from '../shell/page.tsx';
import { SaveOrLeave } from '../shell/save.tsx';
import { useText } from '../state/i18n.ts';
import { Refused } from '../state/sending.tsx';
import { useAdding } from './form.tsx';
import { k } from './state.ts';

const choices = 4; // passages that are offered
const longest = 4000;
const looks = 100; // how often it is asked whether a source is read
const pause = 300; // ms between two of them

type Props = {
  question: string;
  /** Kind of channel that the question is asked on again; '' for none. */
  channel: string;
  passages: Rested[];
  onDone?: () => void;
  onClose: () => void;
};

/** Puts an answer right: in the passage it came from, or as a question with its answer; then asks again. */
export default function CorrectDialog({ question, channel, passages, onDone, onClose }: Props) {
  const { t } = useText();
  const client = useQueryClient();
  const reading = useQuery({
    queryKey: ['passages-now', ...passages.map((p) => p.passage_id)],
    queryFn: ({ signal }) => readNow(passages, signal),
    staleTime: 0,
    gcTime: 0,
  });
  const there = reading.data ?? [];
  const [choice, setChosen] = useState<string>();
  const chosen = choice ?? there[0]?.passage_id ?? '';
  const [text, setText] = useState<Record<string, string>>({});
  const [asked, setAsked] = useState(question);
  const [source, setSource] = useState('');
  const { busy, send, at, rest } = useAdding('answer', 'question', 'source_id');
  const [now, setNow] = useState<Tried | 'unread'>();
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);

  const from = there.find((p) => p.passage_id === chosen);
  const answer = text[chosen] ?? from?.text ?? '';
  const same = !answer.trim() || answer.trim() === from?.text;
  const dirty = Object.keys(text).length > 0 && !now;
  const close = () => {
    if (dirty && !window.confirm(t('app.unsaved'))) return;
    if (now) onDone?.();
    onClose();
  };
  const again = () => {
    setText({});
    setNow(undefined);
    void reading.refetch();
  };
  const submit = (e: FormEvent) => {
    e.preventDefault();
    e.stopPropagation();
    if (same) return;
    stop.current = new AbortController();
    const { signal } = stop.current;
    void send(async () => {
      const put = await correct({
        answer,
        ...(from ? { passage_id: from.passage_id } : { question: asked }),
        ...(source && !from ? { source_id: source } : {}),
      });
      void client.invalidateQueries({ queryKey: key.sources });
      void client.invalidateQueries({ queryKey: key.passages(put.id) });
      // A passage says it at once; a question of its own is read first.
      const ready = from ? true : await isRead(put.id, signal);
      if (signal.aborted) return;
      setNow(ready && asked.trim() ? await ai.ask(asked, channel) : 'unread');
    });
  };
  return (
    <Dialog
      open
      onClose={close}
      title={t('correct.open')}
      text={now ? undefined : t('correct.text')}
      closeLabel={t('app.close')}
      wide
    >
      {now ? (
        <Now now={now} asked={asked} onAgain={again} onClose={close} />
      ) : reading.data === undefined ? (
        <Answered query={reading}>{null}</Answered>
      ) : (
        <form className="flex flex-col gap-4" onSubmit={submit}>
          {there.length ? (
            <fieldset>
              <legend className="mb-1.5 font-medium">{t('correct.where')}</legend>
              <div className="flex flex-col gap-1.5">
                {there.map((p) => (
                  <Where
                    key={p.passage_id}
                    label={[p.name, p.heading === p.name ? '' : p.heading].filter(Boolean).join(', ')}
                    text={p.text}
                    checked={chosen === p.passage_id}
                    onChoose={() => setChosen(p.passage_id)}
                  />
                ))}
                <Where
                  label={t('correct.nowhere')}
                  text={t('correct.nowhere_text')}
                  checked={!from}
                  onChoose={() => setChosen('')}
                />
              </div>
            </fieldset>
          ) : null}
          {from ? null : (
            <Field label={t('add.question')} hint={t('gap.question_hint')} error={at('question')}>
              <Input
                required
                dir="auto"
                maxLength={500}
                value={asked}
                onChange={(e) => setAsked(e.target.value)}
              />
            </Field>
          )}
          <Field
            label={from ? t('correct.says') : t('add.answer')}
            hint={from ? t('correct.says_hint') : undefined}
            error={at('answer')}
          >
            <Textarea
              required
              rows={6}
              dir="auto"
              maxLength={longest}
              value={answer}
              onChange={(e) => setText({ ...text, [chosen]: e.target.value })}
            />
          </Field>
          {from ? null : <Kept value={source} error={at('source_id')} onChange={setSource} />}
          <Refused text={rest} />
          {busy ? <Spinner label={t('correct.asking')} /> : null}
          <SaveOrLeave busy={busy} label={t('correct.save')} onLeave={close} />
        </form>
      )}
    </Dialog>
  );
}

/** What the passages say now, without those that are gone. */
async function readNow(passages: Rested[], signal: AbortSignal): Promise<(Rested & { text: string })[]> {
  const read = async (p: Rested) => {
    try {
      const { text, question, heading } = await calls.get(p.passage_id, { signal });
      return [{ ...p, text, heading: question || heading || p.heading }];
    } catch (err) {
      if (asProblem(err).status === 404) return [];
      throw err;
    }
  };
  return (await Promise.all(passages.slice(0, choices).map(read))).flat();
}

/** Waits until a source is read; false when it is not, or when it takes too long. */
async function isRead(source: string, signal: AbortSignal): Promise<boolean> {
  for (let i = 0; i < looks && !signal.aborted; i++) {
    const s = await knowledge.get(source, { signal });
    if (s.state === 'ready' || s.state === 'failed') return s.state === 'ready';
    await waitFor(pause, signal);
  }
  return false;
}

function Where({
  label,
  text,
  checked,
  onChoose,
}: {
  label: string;
  text: string;
  checked: boolean;
  onChoose: () => void;
}) {
  return (
    <label className="flex cursor-pointer items-start gap-2.5 rounded-medium border border-line px-3 py-2 has-checked:border-brand has-checked:bg-sunken">
      <input
        type="radio"
        name="where"
        checked={checked}
        onChange={onChoose}
        className="mt-0.5 size-4 flex-none accent-brand"
      />
      <span className="min-w-0">
        <span dir="auto" className="block truncate text-start font-medium">
          {label}
        </span>
        <span dir="auto" className="line-clamp-2 text-start break-words text-ink-3">
          {text}
        </span>
      </span>
    </label>
  );
}

/** Which source a question of its own is kept in. */
function Kept({
  value,
  error,
  onChange,
}: {
  value: string;
  error: string | undefined;
  onChange: (id: string) => void;
}) {
  const { t } = useText();
  const sources = useInfiniteQuery(k.sources());
  const faqs = sources.data?.pages.flatMap((p) => p.items).filter((s) => s.kind === 'faq') ?? [];
  return (
    <Field label={t('gap.source')} error={error}>
      <Select value={value} onChange={(e) => onChange(e.target.value)}>
        <option value="">{t('correct.source_own')}</option>
        {faqs.map((s) => (
          <option key={s.id} value={s.id}>
            {s.name}
          </option>
        ))}
      </Select>
    </Field>
  );
}

/** What the same question is answered with now. */
function Now({
  now,
  asked,
  onAgain,
  onClose,
}: {
  now: Tried | 'unread';
  asked: string;
  onAgain: () => void;
  onClose: () => void;
}) {
  const { t } = useText();
  return (
    <div className="flex flex-col gap-3">
      <p role="status" className="flex items-center gap-1.5 font-medium text-ok">
        <Icon name="check" />
        {t('correct.saved')}
      </p>
      {now === 'unread' ? (
        <Banner tone="info" icon="clock" box>
          {t('correct.unread')}
        </Banner>
      ) : (
        <>
          <p
            dir="auto"
            className="max-w-[88%] self-end rounded-large bg-brand px-3 py-[9px] text-start text-[13.5px] break-words text-on-brand"
          >
            {asked}
          </p>
          {now.answer ? (
            <div className="max-w-[88%] self-start rounded-large border border-ai-line bg-ai-soft px-3 py-[9px]">
              <Rich body={now.answer} sources={now.passages} />
            </div>
          ) : null}
          <div className="flex flex-wrap items-center gap-1.5">
            {now.decision === 'answer' ? <Sources sources={now.passages.slice(0, 1)} /> : null}
            <OutcomeChip outcome={now.outcome} />
            {now.why ? <span className="text-ink-3">{reasonText(now.why, t)}</span> : null}
          </div>
        </>
      )}
      <div className="mt-2 flex justify-end gap-2">
        <Button kind="ghost" onClick={onAgain}>
          {t('correct.again')}
        </Button>
        <Button kind="primary" onClick={onClose}>
          {t('app.done')}
        </Button>
      </div>
    </div>
  );
}
