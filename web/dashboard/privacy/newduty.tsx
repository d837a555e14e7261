import { type Duty, duties } from '@core/duties.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Dialog, Field, Input, Select } from '@ui';
import { type FormEvent, useState } from 'react';
import { SaveOrLeave } from '../shell/save.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { dutiesKey } from './state.ts';

const kinds: Duty['kind'][] = [
  'training',
  'agreement',
  'drill',
  'access',
  'assessment',
  'interests',
  'notice',
];
const often = [0, 90, 180, 365, 730] as const;
const personal = (k: Duty['kind']) => k === 'training' || k === 'agreement';
const titled = (k: Duty['kind']) => personal(k) || k === 'drill';

/** Writes down something that will have to be signed. */
export function NewDutyDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const client = useQueryClient();
  const members = useQuery(q.members());
  const { busy, send, at, rest } = useSending('title', 'due_at', 'duty_person');
  const [kind, setKind] = useState<Duty['kind']>('training');
  const [who, setWho] = useState('');
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const said = (name: string) => String(form.get(name) ?? '').trim();
    void send(async () => {
      await duties.add({
        kind,
        due_at: new Date(`${said('due')}T12:00:00`).toISOString(),
        every_days: Number(said('every')),
        ...(titled(kind) ? { title: said('title') } : {}),
        ...(personal(kind) && who ? { member_id: who } : {}),
        ...(personal(kind) && !who ? { person: said('person') } : {}),
      });
      await client.invalidateQueries({ queryKey: dutiesKey });
      onClose();
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('duty.add')}
      text={t('duty.add_text')}
      closeLabel={t('app.close')}
    >
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <Field label={t('duty.what')}>
          <Select name="kind" value={kind} onChange={(e) => setKind(e.target.value as Duty['kind'])}>
            {kinds.map((k) => (
              <option key={k} value={k}>
                {t(`duty.kind.${k}`)}
              </option>
            ))}
          </Select>
        </Field>
        {titled(kind) ? (
          <Field label={t('duty.name')} hint={t(`duty.name_hint.${kind as 'drill'}`)} error={at('title')}>
            <Input name="title" required maxLength={200} dir="auto" autoComplete="off" />
          </Field>
        ) : null}
        {personal(kind) ? (
          <>
            <Field label={t('duty.who')}>
              <Select value={who} onChange={(e) => setWho(e.target.value)}>
                <option value="">{t('duty.other')}</option>
                {(members.data?.items ?? []).map((m) => (
                  <option key={m.id} value={m.id}>
                    {m.name}
                  </option>
                ))}
              </Select>
            </Field>
            {who === '' ? (
              <Field label={t('duty.person')} hint={t('duty.person_hint')}>
                <Input name="person" required maxLength={200} dir="auto" autoComplete="off" />
              </Field>
            ) : null}
          </>
        ) : null}
        <div className="grid grid-cols-2 gap-4 phone:grid-cols-1">
          <Field label={t('duty.by')} error={at('due_at')}>
            <Input name="due" type="date" required />
          </Field>
          <Field label={t('duty.every')}>
            <Select name="every" defaultValue={kind === 'drill' || kind === 'training' ? 365 : 0} key={kind}>
              {often.map((n) => (
                <option key={n} value={n}>
                  {t(`duty.often.${n}`)}
                </option>
              ))}
            </Select>
          </Field>
        </div>
        <Refused text={rest} />
        <SaveOrLeave busy={busy} label={t('duty.add')} onLeave={onClose} />
      </form>
    </Dialog>
  );
}
