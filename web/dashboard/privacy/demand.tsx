import { demands, type NewDemand } from '@core/demands.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Dialog, Field, Input, useToast } from '@ui';
import { type FormEvent, useState } from 'react';
import { SaveOrLeave } from '../shell/save.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { demandsKey } from './state.ts';

const parts = ['profile', 'messages', 'files'] as const;
const oneDay = 86_400_000;

/** The begin of a day that a field holds, or of the day after it. */
const start = (day: string, after = 0) =>
  day ? new Date(new Date(`${day}T00:00`).getTime() + after).toISOString() : undefined;

/** Writes down what an authority demands of one person: which data, of which days. */
export default function NewDemandDialog({ contact, onClose }: { contact: string; onClose: () => void }) {
  const { t } = useText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const say = useToast();
  const [chosen, setChosen] = useState<string[]>(['messages']);
  const [silent, setSilent] = useState(false);
  const { busy, send, at, rest } = useSending('authority', 'basis', 'reference', 'from', 'until', 'due_at');
  const timed = chosen.some((p) => p !== 'profile');
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const said = (name: string) => String(form.get(name) ?? '').trim();
    void send(async () => {
      const wish: NewDemand = {
        authority: said('authority'),
        basis: said('basis'),
        reference: said('reference'),
        contact_ids: [contact],
        parts: parts.filter((p) => chosen.includes(p)),
        due_at: start(said('due_at'), oneDay) ?? '',
      };
      if (timed) {
        wish.from = start(said('from'));
        wish.until = start(said('until'), oneDay);
      }
      if (silent) wish.silent_until = start(said('silent_until'), oneDay);
      await demands.open(wish);
      await client.invalidateQueries({ queryKey: demandsKey });
      say(t('demand.added'));
      onClose();
      await navigate({ to: '/data-rights/{-$tab}/{-$id}', params: { tab: 'records', id: undefined } });
    });
  };
  const tick = (name: string, on: boolean, set: (on: boolean) => void, label: string) => (
    <label key={name} className="flex items-start gap-2">
      <input
        type="checkbox"
        checked={on}
        onChange={(e) => set(e.target.checked)}
        className="mt-0.5 size-4 flex-none accent-brand phone:size-5"
      />
      <span>{label}</span>
    </label>
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('demand.add')}
      text={t('demand.add_text')}
      closeLabel={t('app.close')}
    >
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <Field label={t('demand.authority')} error={at('authority')}>
          <Input name="authority" maxLength={300} required dir="auto" autoComplete="off" />
        </Field>
        <Field label={t('demand.basis')} hint={t('demand.basis_hint')} error={at('basis')}>
          <Input name="basis" maxLength={1000} required dir="auto" autoComplete="off" />
        </Field>
        <Field label={`${t('demand.reference')} ${t('request.optional')}`} error={at('reference')}>
          <Input name="reference" maxLength={200} dir="auto" autoComplete="off" />
        </Field>
        <fieldset className="flex flex-col gap-1.5">
          <legend className="mb-1 font-medium">{t('demand.parts')}</legend>
          {parts.map((p) =>
            tick(
              p,
              chosen.includes(p),
              (on) => setChosen(on ? [...chosen, p] : chosen.filter((x) => x !== p)),
              t(`demand.part.${p}`),
            ),
          )}
        </fieldset>
        {timed ? (
          <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
            <Field label={t('demand.from')} error={at('from')}>
              <Input name="from" type="date" required />
            </Field>
            <Field label={t('demand.until')} error={at('until')}>
              <Input name="until" type="date" required />
            </Field>
          </div>
        ) : null}
        <Field label={t('demand.due_at')} error={at('due_at')}>
          <Input name="due_at" type="date" required />
        </Field>
        {tick('silent', silent, setSilent, t('demand.forbidden'))}
        {silent ? (
          <Field label={t('demand.silent_until')} hint={t('demand.silent_hint')}>
            <Input name="silent_until" type="date" required />
          </Field>
        ) : null}
        <Refused text={rest} />
        <SaveOrLeave busy={busy} label={t('demand.add')} onLeave={onClose} />
      </form>
    </Dialog>
  );
}
