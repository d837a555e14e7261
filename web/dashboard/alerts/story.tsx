import { type Alert, type AlertsOf, alerts } from '@core/alerts.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Dialog, Field, Textarea, useToast } from '@ui';
import type { FormEvent } from 'react';
import { Answered } from '../shell/page.tsx';
import { SaveOrLeave } from '../shell/save.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { alertKey } from './list.tsx';

/** One alert with what led to it; whoever may closes it with what they found. */
export default function Story({
  of,
  alert,
  mayClose,
  onClose,
}: {
  of: AlertsOf;
  alert: Alert;
  mayClose: boolean;
  onClose: () => void;
}) {
  const { t, format } = useText();
  const client = useQueryClient();
  const say = useToast();
  const query = useQuery({
    queryKey: [...alertKey(of), alert.id],
    queryFn: ({ signal }) => alerts.story(of, alert.id, { signal }),
    staleTime: 0,
  });
  const { busy, send, at, rest } = useSending('note');
  const close = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const note = String(new FormData(e.currentTarget).get('note') ?? '').trim();
    void send(async () => {
      await alerts.close(of, alert.id, note);
      await client.invalidateQueries({ queryKey: alertKey(of) });
      say(t('alert.closed'));
      onClose();
    });
  };
  const steps = query.data?.timeline ?? [];
  const closing = mayClose && !alert.closed_at;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(`alert.rule.${alert.rule}`)}
      text={t(`alert.why.${alert.rule}`)}
      closeLabel={t('app.close')}
      wide
      reading={!closing}
    >
      <Answered query={query}>
        <h3 className="weight-650">{t('alert.timeline')}</h3>
        <ol className="mt-1.5 mb-4 max-h-72 overflow-y-auto rounded-medium border border-line">
          {steps.length === 0 ? <li className="px-3 py-2 text-ink-3">{t('alert.no_steps')}</li> : null}
          {steps.map((s, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the steps have no name of their own and never move
            <li key={i} className="flex flex-wrap gap-x-3 border-b border-line px-3 py-1.5 last:border-0">
              <span className="num text-ink-3">{format.full(s.at)}</span>
              <span className="font-mono text-meta leading-5">{s.what}</span>
              <span className="text-ink-2">
                {[s.actor, s.object, s.from, s.times > 1 ? t('alert.times', { count: s.times }) : '']
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </li>
          ))}
        </ol>
      </Answered>
      {alert.closed_at ? (
        <p>
          <span className="text-ink-3">
            {[t('alert.closed'), alert.closed_by, format.full(alert.closed_at)].filter(Boolean).join(' · ')}
          </span>
          <br />
          {alert.note}
        </p>
      ) : null}
      {closing ? (
        <form className="flex flex-col gap-4" onSubmit={close}>
          <Field label={t('alert.note')} hint={t('alert.note_hint')} error={at('note')}>
            <Textarea name="note" required maxLength={2000} rows={3} dir="auto" />
          </Field>
          <Refused text={rest} />
          <SaveOrLeave busy={busy} label={t('alert.close')} onLeave={onClose} />
        </form>
      ) : null}
    </Dialog>
  );
}
