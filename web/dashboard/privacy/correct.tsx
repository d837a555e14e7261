import { persons } from '@core/persons.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Dialog, Field, Input, Textarea, useToast } from '@ui';
import type { FormEvent } from 'react';
import { SaveOrLeave } from '../shell/save.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { casesKey } from './state.ts';

export type Correctable = { id: string; name: string; email: string; phone: string };

/** Corrects what is held of a person, or keeps beside it that they hold it for wrong. */
export default function Correct({ of, c, onClose }: { of?: string; c: Correctable; onClose: () => void }) {
  const { t } = useText();
  const client = useQueryClient();
  const say = useToast();
  const { busy, send, at, rest } = useSending('name', 'email', 'phone', 'statement');
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const said = (name: string) => String(form.get(name) ?? '').trim();
    const changed = (name: 'name' | 'email' | 'phone') => (said(name) === c[name] ? undefined : said(name));
    void send(async () => {
      await persons.rectify(c.id, {
        name: changed('name'),
        email: changed('email'),
        phone: changed('phone'),
        statement: said('statement') || undefined,
        case_id: of,
      });
      say(t('request.corrected'));
      void client.invalidateQueries({ queryKey: ['person'] });
      if (of) void client.invalidateQueries({ queryKey: [...casesKey, 'one', of] });
      onClose();
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('request.correct')}
      text={t('request.correct_text')}
      closeLabel={t('app.close')}
    >
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <Field label={t('request.correct_name')} error={at('name')}>
          <Input name="name" defaultValue={c.name} maxLength={200} dir="auto" autoComplete="off" />
        </Field>
        <Field label={t('request.correct_email')} error={at('email')}>
          <Input name="email" type="email" defaultValue={c.email} maxLength={254} autoComplete="off" />
        </Field>
        <Field label={t('request.correct_phone')} error={at('phone')}>
          <Input name="phone" type="tel" defaultValue={c.phone} maxLength={40} autoComplete="off" />
        </Field>
        <Field label={t('request.statement')} hint={t('request.statement_hint')} error={at('statement')}>
          <Textarea name="statement" rows={3} maxLength={4000} dir="auto" />
        </Field>
        <Refused text={rest} />
        <SaveOrLeave busy={busy} onLeave={onClose} />
      </form>
    </Dialog>
  );
}
