import { cases, type NewCase as Draft } from '@core/cases.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Dialog, Field, Input, Select, Textarea } from '@ui';
import { type FormEvent, useState } from 'react';
import { SaveOrLeave } from '../shell/save.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { casesKey, formsQuery } from './state.ts';

/** Writes down what somebody asked by letter, by telephone or at the counter. */
export default function NewCase({ contact, onClose }: { contact?: string; onClose: () => void }) {
  const { t } = useText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data } = useQuery(formsQuery);
  const [agent, setAgent] = useState(false);
  const { busy, send, at, rest } = useSending('kind', 'law', 'words', 'address');
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const said = (name: string) => String(form.get(name) ?? '').trim();
    void send(async () => {
      const draft: Draft = { kind: said('kind'), law: said('law'), words: said('words'), agent };
      if (said('address')) draft.address = said('address');
      if (contact) draft.contact_id = contact;
      const made = await cases.open(draft);
      await client.invalidateQueries({ queryKey: casesKey });
      onClose();
      await navigate({ to: '/data-rights/{-$tab}/{-$id}', params: { tab: 'requests', id: made.id } });
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('request.add')}
      text={t('request.add_text')}
      closeLabel={t('app.close')}
    >
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <Field label={t('request.kind')} error={at('kind')}>
          <Select name="kind" required>
            {(data?.kinds ?? []).map((k) => (
              <option key={k.name} value={k.name}>
                {k.words}
              </option>
            ))}
          </Select>
        </Field>
        <LawField error={at('law')} />
        <Field label={t('request.words')} hint={t('request.words_hint')} error={at('words')}>
          <Textarea name="words" rows={3} maxLength={8000} dir="auto" />
        </Field>
        <Field label={t('request.address')} hint={t('request.address_hint')} error={at('address')}>
          <Input name="address" type="email" maxLength={254} autoComplete="off" />
        </Field>
        <label className="flex items-start gap-2">
          <input
            type="checkbox"
            checked={agent}
            onChange={(e) => setAgent(e.target.checked)}
            className="mt-0.5 size-4 flex-none accent-brand phone:size-5"
          />
          <span>{t('request.agent')}</span>
        </label>
        <Refused text={rest} />
        <SaveOrLeave busy={busy} label={t('request.add')} onLeave={onClose} />
      </form>
    </Dialog>
  );
}

/** By which law a request runs; it sets the clock. */
export function LawField({
  value,
  error,
  onChange,
}: {
  value?: string;
  error?: string;
  onChange?: (law: string) => void;
}) {
  const { t } = useText();
  const { data } = useQuery(formsQuery);
  return (
    <Field label={t('request.law')} error={error}>
      <Select
        name="law"
        {...(onChange ? { value: value ?? '', onChange: (e) => onChange(e.target.value) } : {})}
      >
        {(data?.laws ?? []).map((l) => (
          <option key={l.name} value={l.name}>
            {`${t(`request.laws.${l.name as 'gdpr'}`)} (${t('request.days', { count: l.days })})`}
          </option>
        ))}
      </Select>
    </Field>
  );
}
