import { asProblem, Problem } from '@core/problem.ts';
import { spoken } from '@core/views.ts';
import { Button, Field, Input, Select } from '@ui';
import { type T, useText } from '../state/i18n.ts';
import { problemText } from '../state/problem.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { reasons } from './looks.ts';

const own = [
  'bad_schedule',
  'bad_limit',
  'profile_incomplete',
  'profile_too_long',
  'passage_too_long',
  'file_missing',
  'wrong_kind',
  'not_suspect',
  'question_missing',
  'too_many_phrasings',
  'synonyms',
  'bad_language',
] as const;

/** Why knowledge was refused, and what to do. */
export function refusalText(t: T, err: unknown, file: boolean): string {
  const { code } = asProblem(err);
  const reason = file ? reasons.find((r) => r === code) : undefined;
  if (reason) return t(`knowledge.reason.${reason}`);
  const known = own.find((c) => c === code);
  return known ? t(`knowledge.refused.${known}`) : problemText(t, err);
}

/** useSending with the refusals of knowledge; what is said against a file stands at the file. */
export function useAdding(...shown: string[]) {
  const { t } = useText();
  const sending = useSending(...shown);
  const file = shown.includes('file');
  const send = (run: () => Promise<unknown>) =>
    sending.send(async () => {
      try {
        return await run();
      } catch (err) {
        throw worded(err, refusalText(t, err, file), file);
      }
    });
  return { ...sending, send };
}

/** The same refusal, said in our words. */
function worded(err: unknown, text: string, file: boolean): unknown {
  const p = asProblem(err);
  if (p.status === 0) return err;
  const told = Object.keys(p.fields);
  const at = file && reasons.some((r) => r === p.code) ? ['file'] : told;
  const errors = at.map((field) => ({ location: `body.${field}`, message: text }));
  return new Problem(p.status, { title: text, detail: text, errors });
}

export type FormProps = { onDone: () => Promise<void>; onCancel: () => void };

export function Foot({
  busy,
  rest,
  onCancel,
  ready = true,
}: {
  busy: boolean;
  rest: string;
  onCancel: () => void;
  ready?: boolean;
}) {
  const { t } = useText();
  return (
    <>
      <Refused text={rest} />
      <div className="flex justify-end gap-2">
        <Button kind="ghost" onClick={onCancel}>
          {t('app.cancel')}
        </Button>
        <Button kind="primary" type="submit" busy={busy} disabled={!ready}>
          {t('knowledge.add')}
        </Button>
      </div>
    </>
  );
}

export function NameField({
  error,
  value,
  optional,
  onChange,
}: {
  error?: string;
  value?: string;
  /** Left empty it takes the name of what is read. */
  optional?: string;
  onChange?: (v: string) => void;
}) {
  const { t } = useText();
  return (
    <Field label={t('add.name')} hint={optional ?? t('add.name_hint')} error={error}>
      <Input
        name="name"
        required={!optional}
        maxLength={200}
        dir="auto"
        {...(onChange ? { value, onChange: (e) => onChange(e.target.value) } : {})}
      />
    </Field>
  );
}

export function LanguageField({
  value,
  auto = true,
  onChange,
}: {
  value?: string;
  auto?: boolean;
  onChange?: (v: string) => void;
}) {
  const { t, format } = useText();
  return (
    <Field label={t('add.language')}>
      <Select
        name="language"
        {...(onChange ? { value, onChange: (e) => onChange(e.target.value) } : { defaultValue: value ?? '' })}
      >
        {auto ? <option value="">{t('add.language_auto')}</option> : null}
        {spoken.map((l) => (
          <option key={l} value={l}>
            {format.language(l)}
          </option>
        ))}
      </Select>
    </Field>
  );
}

export type Schedule = 'off' | 'daily' | 'weekly';
export const schedules: Schedule[] = ['off', 'daily', 'weekly'];

export function ScheduleField({
  value,
  error,
  disabled,
  onChange,
}: {
  value?: Schedule;
  error?: string;
  disabled?: boolean;
  onChange?: (v: Schedule) => void;
}) {
  const { t } = useText();
  return (
    <Field label={t('add.schedule')} error={error}>
      <Select
        name="schedule"
        disabled={disabled}
        {...(onChange
          ? { value, onChange: (e) => onChange(e.target.value as Schedule) }
          : { defaultValue: value ?? 'weekly' })}
      >
        {schedules.map((s) => (
          <option key={s} value={s}>
            {t(`add.schedules.${s}`)}
          </option>
        ))}
      </Select>
    </Field>
  );
}

/** The words of a form, without blanks around them. */
export function fieldsOf(form: HTMLFormElement): (name: string) => string {
  const data = new FormData(form);
  return (name) => String(data.get(name) ?? '').trim();
}
