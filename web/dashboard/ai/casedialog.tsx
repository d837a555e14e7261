import { ai, type Rested } from '@core/ai.ts';
import { type Expected, type LabQuestion, type LabTest, lab } from '@core/lab.ts';
import type { Channel } from '@core/types.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Banner, Button, Dialog, Field, Select, Textarea, useToast } from '@ui';
import { type FormEvent, useState } from 'react';
import { useKindName } from '../channels/kind.tsx';
import { SaveOrLeave } from '../shell/save.tsx';
import { problemText } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';
import { labKey } from './labstate.ts';

const outcomes = ['', 'answered', 'handed_over', 'no_answer'] as const;

/** What a test begins with where an answer is made into one. */
export type Begun = {
  question: string;
  language: string;
  channel: string;
  outcome: Expected;
  /** Passages that were looked at: the answer may be held to one. */
  passages: Rested[];
  /** The words are a person's. */
  theirs?: boolean;
};

const lines = (text: string) =>
  text
    .split('\n')
    .map((x) => x.trim())
    .filter(Boolean);

/** A question that the AI is held to: written anew, changed, or made of an answer. */
export default function CaseDialog({
  test,
  begun,
  channels,
  onClose,
}: {
  test?: LabTest | undefined;
  begun?: Begun;
  channels: Channel[];
  onClose: () => void;
}) {
  const { t, format } = useText();
  const client = useQueryClient();
  const say = useToast();
  const kindName = useKindName();
  const ws = useQuery(q.workspace());
  const [question, setQuestion] = useState(test?.question ?? begun?.question ?? '');
  const [language, setLanguage] = useState(test?.language ?? begun?.language ?? '');
  const [channel, setChannel] = useState(test?.channel ?? begun?.channel ?? '');
  const [outcome, setOutcome] = useState<Expected>(test?.expect.outcome ?? begun?.outcome ?? 'answered');
  const [contains, setContains] = useState((test?.expect.contains ?? []).join('\n'));
  const [lacks, setLacks] = useState((test?.expect.lacks ?? []).join('\n'));
  const [passage, setPassage] = useState(test?.expect.passage_id ?? '');
  const [variants, setVariants] = useState((test?.variants ?? []).join('\n'));
  const look = useMutation({ mutationFn: () => ai.ask(question.trim(), channel) });
  const passages = look.data?.passages ?? begun?.passages ?? [];
  const silent = outcome === 'handed_over' || outcome === 'no_answer';
  const save = useMutation({
    mutationFn: (json: LabQuestion) => (test ? lab.change(test.id, json) : lab.add(json)),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: labKey.tests });
      say(test ? t('app.saved') : t('evaluate.case.added'));
      onClose();
    },
  });
  const submit = (e: FormEvent) => {
    e.preventDefault();
    save.mutate({
      question: question.trim(),
      language,
      channel,
      variants: lines(variants),
      expect: {
        outcome,
        contains: silent ? [] : lines(contains),
        lacks: lines(lacks),
        ...(silent || !passage ? {} : { passage_id: passage }),
      },
    });
  };
  const languages = [...new Set([...(ws.data?.languages ?? []), ...(language ? [language] : [])])];
  const kinds = [...new Set([...channels.map((c) => c.kind), ...(channel ? [channel] : [])])];
  const known = passages.some((p) => p.passage_id === passage);
  return (
    <Dialog
      open
      onClose={onClose}
      title={test ? t('evaluate.case.change') : t('evaluate.case.add')}
      closeLabel={t('app.close')}
      wide
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field
          label={t('evaluate.case.question')}
          hint={begun?.theirs ? t('evaluate.case.theirs') : undefined}
        >
          <Textarea
            required
            rows={2}
            dir="auto"
            maxLength={2000}
            value={question}
            onChange={(e) => setQuestion(e.target.value)}
          />
        </Field>
        <div className="grid gap-4 min-[560px]:grid-cols-2">
          <Field label={t('evaluate.case.language')}>
            <Select value={language} onChange={(e) => setLanguage(e.target.value)}>
              <option value="">{t('evaluate.case.guessed')}</option>
              {languages.map((l) => (
                <option key={l} value={l}>
                  {format.language(l)}
                </option>
              ))}
            </Select>
          </Field>
          <Field label={t('contact.channel')}>
            <Select value={channel} onChange={(e) => setChannel(e.target.value)}>
              <option value="">{t('evaluate.case.any_channel')}</option>
              {kinds.map((k) => (
                <option key={k} value={k}>
                  {kindName(k)}
                </option>
              ))}
            </Select>
          </Field>
        </div>
        <Field label={t('evaluate.case.outcome')}>
          <Select value={outcome} onChange={(e) => setOutcome(e.target.value as Expected)}>
            {outcomes.map((o) => (
              <option key={o} value={o}>
                {t(`evaluate.expect.${o || 'any'}`)}
              </option>
            ))}
          </Select>
        </Field>
        {silent ? null : (
          <>
            <Field label={t('evaluate.case.contains')} hint={t('evaluate.case.one_per_line')}>
              <Textarea rows={2} dir="auto" value={contains} onChange={(e) => setContains(e.target.value)} />
            </Field>
            <Field label={t('evaluate.case.passage')} hint={t('evaluate.case.passage_text')}>
              <Select value={passage} onChange={(e) => setPassage(e.target.value)}>
                <option value="">{t('evaluate.case.any_passage')}</option>
                {passage && !known ? (
                  <option value={passage}>{t('evaluate.case.chosen_passage')}</option>
                ) : null}
                {passages.map((p) => (
                  <option key={p.passage_id} value={p.passage_id}>
                    {[p.name, p.heading].filter(Boolean).join(' › ')}
                  </option>
                ))}
              </Select>
            </Field>
            <div>
              <Button
                size="s"
                icon="search"
                busy={look.isPending}
                disabled={!question.trim()}
                onClick={() => look.mutate()}
              >
                {t('evaluate.case.find')}
              </Button>
              <span role="status" className="ms-2 text-meta text-ink-3">
                {look.data ? t('test.found', { count: look.data.passages.length }) : ''}
              </span>
            </div>
          </>
        )}
        <Field label={t('evaluate.case.lacks')} hint={t('evaluate.case.one_per_line')}>
          <Textarea rows={2} dir="auto" value={lacks} onChange={(e) => setLacks(e.target.value)} />
        </Field>
        <Field label={t('evaluate.case.variants')} hint={t('evaluate.case.variants_text')}>
          <Textarea rows={2} dir="auto" value={variants} onChange={(e) => setVariants(e.target.value)} />
        </Field>
        {save.error || look.error ? (
          <Banner tone="bad" icon="alert" box role="alert">
            {problemText(t, save.error ?? look.error)}
          </Banner>
        ) : null}
        <SaveOrLeave busy={save.isPending} onLeave={onClose} />
      </form>
    </Dialog>
  );
}
