import { type Case, type Outcome, reports } from '@core/reports.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Dialog, Field, Input, useToast } from '@ui';
import { type FormEvent, useState } from 'react';
import { SaveOrLeave } from '../shell/save.tsx';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { reportsKey, Said } from './reports.tsx';

const outcomes: Outcome[] = ['corrected', 'rejected'];

/** Says what became of a reported answer; it can become a phrase that the AI never says again. */
export default function CloseReport({ c, onClose }: { c: Case; onClose: () => void }) {
  const { t } = useText();
  const client = useQueryClient();
  const say = useToast();
  const may = useCan('workspace.write');
  const { busy, send, at, rest } = useSending('never_say');
  const [outcome, setOutcome] = useState<Outcome>('corrected');
  const [phrase, setPhrase] = useState('');
  const forbids = may && outcome === 'corrected';
  const submit = (e: FormEvent) => {
    e.preventDefault();
    void send(async () => {
      await reports.close(c.id, outcome, forbids ? phrase.trim() : '');
      await client.invalidateQueries({ queryKey: reportsKey });
      say(t('report.closed'));
      onClose();
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('report.close')}
      text={t('report.close_text')}
      closeLabel={t('app.close')}
    >
      <form className="flex flex-col gap-4" onSubmit={submit}>
        {c.report ? <Said r={c.report} /> : null}
        <fieldset>
          <legend className="mb-1.5 font-medium">{t('report.became')}</legend>
          <div className="flex flex-col gap-1.5">
            {outcomes.map((o) => (
              <label key={o} className="flex items-start gap-2 phone:min-h-9">
                <input
                  type="radio"
                  name="outcome"
                  checked={outcome === o}
                  onChange={() => setOutcome(o)}
                  className="mt-0.5 size-4 flex-none accent-brand"
                />
                <span>
                  <span className="font-medium">{t(`report.outcome.${o}`)}</span>{' '}
                  <span className="text-ink-3">{t(`report.outcome_text.${o}`)}</span>
                </span>
              </label>
            ))}
          </div>
        </fieldset>
        {forbids ? (
          <Field label={t('report.never')} hint={t('report.never_text')} error={at('never_say')}>
            <Input value={phrase} maxLength={200} dir="auto" onChange={(e) => setPhrase(e.target.value)} />
          </Field>
        ) : null}
        <Refused text={rest} />
        <SaveOrLeave busy={busy} label={t('report.close')} onLeave={onClose} />
      </form>
    </Dialog>
  );
}
