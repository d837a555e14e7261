import { type IncidentsOf, incidents } from '@core/incidents.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Dialog, Field, Input, Select } from '@ui';
import type { FormEvent } from 'react';
import { SaveOrLeave } from '../shell/save.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { incidentsKey } from './state.ts';

export type Start = { drill?: boolean; notice?: string };

export const laws = ['gdpr', 'kvkk', 'uk'] as const;

/** Opens an incident, or begins a drill. The clock is started on its page. */
export default function OpenIncident({
  of,
  start,
  onClose,
  onOpened,
}: {
  of: IncidentsOf;
  start: Start;
  onClose: () => void;
  onOpened: (id: string) => void;
}) {
  const { t } = useText();
  const client = useQueryClient();
  const { busy, send, at, rest } = useSending('title', 'law');
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const said = (name: string) => String(form.get(name) ?? '').trim();
    void send(async () => {
      const made = await incidents(of).open({
        title: said('title'),
        law: said('law') as 'gdpr',
        drill: start.drill ?? false,
        ...(start.notice ? { notice_id: start.notice } : {}),
      });
      void client.invalidateQueries({ queryKey: incidentsKey(of) });
      onOpened(made.incident.id);
    });
  };
  const title = t(start.drill ? 'breach.start_drill' : 'breach.open');
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      text={t(start.drill ? 'breach.drill_text' : 'breach.open_text')}
      closeLabel={t('app.close')}
    >
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <Field label={t('breach.title')} hint={t('breach.title_hint')} error={at('title')}>
          <Input name="title" required maxLength={200} dir="auto" autoComplete="off" />
        </Field>
        <Field label={t('breach.law')} error={at('law')}>
          <Select name="law">
            {laws.map((l) => (
              <option key={l} value={l}>
                {t(`breach.laws.${l}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Refused text={rest} />
        <SaveOrLeave busy={busy} label={title} onLeave={onClose} />
      </form>
    </Dialog>
  );
}
