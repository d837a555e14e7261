import { persons } from '@core/persons.ts';
import { Dialog, Field, Input, Textarea, useToast } from '@ui';
import type { FormEvent } from 'react';
import { SaveOrLeave } from '../shell/save.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';

/** Keeps a person from every erasure, because the law wants it. */
export default function Hold({ contact, onClose }: { contact: string; onClose: () => void }) {
  const { t } = useText();
  const say = useToast();
  const { busy, send, at, rest } = useSending('reason', 'authority');
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const said = (name: string) => String(form.get(name) ?? '').trim();
    void send(async () => {
      await persons.hold({ contact_id: contact, reason: said('reason'), authority: said('authority') });
      say(t('request.held'));
      onClose();
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('request.hold')}
      text={t('request.hold_text')}
      closeLabel={t('app.close')}
    >
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <Field label={t('request.hold_reason')} error={at('reason')}>
          <Textarea name="reason" rows={2} maxLength={1000} required dir="auto" />
        </Field>
        <Field label={t('request.hold_authority')} error={at('authority')}>
          <Input name="authority" maxLength={1000} required dir="auto" autoComplete="off" />
        </Field>
        <Refused text={rest} />
        <SaveOrLeave busy={busy} label={t('request.hold')} onLeave={onClose} />
      </form>
    </Dialog>
  );
}
