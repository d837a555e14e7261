import { gaps } from '@core/knowledge.ts';
import { key } from '@core/merge.ts';
import type { Gap } from '@core/types.ts';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Dialog, Field, Input, Select, Textarea, useToast } from '@ui';
import type { FormEvent } from 'react';
import { SaveOrLeave } from '../shell/save.tsx';
import { useText } from '../state/i18n.ts';
import { Refused } from '../state/sending.tsx';
import { fieldsOf, useAdding } from './form.tsx';
import { k } from './state.ts';

/** Answers what was asked in vain: a question with its answer, found by the words that were used. */
export default function AnswerDialog({ gap: g, onClose }: { gap: Gap; onClose: () => void }) {
  const { t } = useText();
  const client = useQueryClient();
  const say = useToast();
  const { busy, send, at, rest } = useAdding('answer', 'question', 'source_id');
  const sources = useInfiniteQuery(k.sources());
  const faqs = sources.data?.pages.flatMap((p) => p.items).filter((s) => s.kind === 'faq') ?? [];
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const field = fieldsOf(e.currentTarget);
    const [question, source_id] = [field('question'), field('source')];
    void send(async () => {
      await gaps.answer(g.id, {
        answer: field('answer'),
        ...(question ? { question } : {}),
        ...(source_id ? { source_id } : {}),
      });
      await client.invalidateQueries({ queryKey: key.gaps });
      void client.invalidateQueries({ queryKey: key.sources });
      say(t('gap.answered'));
      onClose();
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('gap.answer_title')}
      text={t('gap.answer_text')}
      closeLabel={t('app.close')}
      wide
    >
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <Field label={t('add.question')} hint={t('gap.question_hint')} error={at('question')}>
          <Input
            name="question"
            dir="auto"
            maxLength={500}
            defaultValue={g.examples[0]?.text.slice(0, 500)}
          />
        </Field>
        <Field label={t('add.answer')} error={at('answer')}>
          <Textarea name="answer" required rows={6} dir="auto" maxLength={4000} />
        </Field>
        <Field label={t('gap.source')} error={at('source_id')}>
          <Select name="source" defaultValue="">
            <option value="">{t('gap.source_own')}</option>
            {faqs.map((s) => (
              <option key={s.id} value={s.id}>
                {s.name}
              </option>
            ))}
          </Select>
        </Field>
        <Refused text={rest} />
        <SaveOrLeave busy={busy} onLeave={onClose} />
      </form>
    </Dialog>
  );
}
