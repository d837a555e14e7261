import { contacts } from '@core/api.ts';
import { key } from '@core/merge.ts';
import { asProblem } from '@core/problem.ts';
import type { Contact } from '@core/types.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Dialog, Field, Input } from '@ui';
import { type FormEvent, useState } from 'react';
import { SaveOrLeave } from '../shell/save.tsx';
import { problemText } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';

export default function EditContact({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { t } = useText();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const fields = problem ? asProblem(problem).fields : {};
  const save = async (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    setBusy(true);
    try {
      const next = await contacts.change(contact.id, {
        name: text('name'),
        email: text('email'),
        phone: text('phone'),
      });
      client.setQueryData<Contact>(key.contact(contact.id), (old) => (old ? { ...old, ...next } : next));
      onClose();
    } catch (err) {
      setProblem(err);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog open onClose={onClose} title={t('contact.edit')} closeLabel={t('app.close')}>
      <form className="flex flex-col gap-3.5" onSubmit={(e) => void save(e)}>
        <Field label={t('contact.name')} error={fields.name}>
          <Input name="name" defaultValue={contact.name} maxLength={200} autoComplete="off" dir="auto" />
        </Field>
        <Field label={t('contact.email')} error={fields.email}>
          <Input name="email" type="email" defaultValue={contact.email} maxLength={254} autoComplete="off" />
        </Field>
        <Field label={t('contact.phone')} error={fields.phone}>
          <Input name="phone" type="tel" defaultValue={contact.phone} maxLength={40} autoComplete="off" />
        </Field>
        {problem ? (
          <p role="alert" className="text-bad">
            {problemText(t, problem)}
          </p>
        ) : null}
        <SaveOrLeave busy={busy} onLeave={onClose} />
      </form>
    </Dialog>
  );
}
