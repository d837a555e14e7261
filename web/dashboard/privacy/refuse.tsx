import { cases, type WholeCase } from '@core/cases.ts';
import { useQuery } from '@tanstack/react-query';
import { Dialog, Field, Select, Textarea } from '@ui';
import type { FormEvent } from 'react';
import { SaveOrLeave } from '../shell/save.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { useCaseActs } from './case.tsx';
import { formsQuery } from './state.ts';

/** Refuses a request, with one of the reasons that the laws know. */
export default function Refuse({ c, onClose }: { c: WholeCase; onClose: () => void }) {
  const { t } = useText();
  const take = useCaseActs(c.id);
  const { data } = useQuery(formsQuery);
  const { busy, send, at, rest } = useSending('reason', 'text');
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    void send(async () => {
      await take(cases.refuse(c.id, String(form.get('reason') ?? ''), String(form.get('text') ?? '').trim()));
      onClose();
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('request.refuse')}
      text={t('request.refuse_text')}
      closeLabel={t('app.close')}
    >
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <Field label={t('request.reason')} error={at('reason')}>
          <Select name="reason" required>
            {(data?.reasons ?? []).map((r) => (
              <option key={r.name} value={r.name}>
                {r.words}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t('request.answer_words')} hint={t('request.answer_hint')} error={at('text')}>
          <Textarea name="text" rows={4} maxLength={8000} dir="auto" />
        </Field>
        <Refused text={rest} />
        <SaveOrLeave busy={busy} label={t('request.refuse')} onLeave={onClose} />
      </form>
    </Dialog>
  );
}
