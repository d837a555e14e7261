import type { AskedStatement } from '@core/standing.ts';
import { Button, Field, Input } from '@ui';
import type { FormEvent } from 'react';
import { useText } from '../state/i18n.ts';
import { Outside } from './frame.tsx';

const field = (what: string) => `agree-${what}`;

/** What somebody agrees to before they are a member: one box each, none of them ticked for them. */
export function Statements({ asks }: { asks: AskedStatement[] }) {
  const { t } = useText();
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="sr-only">{t('agree.title')}</legend>
      {asks.map((s) => (
        <label key={s.what} className="flex items-start gap-2.5 text-ink-2">
          <input
            type="checkbox"
            name={field(s.what)}
            required
            className="mt-0.5 size-4 flex-none accent-brand phone:size-5"
          />
          <span className="min-w-0 flex-1">{s.text}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Which of the texts are ticked in a form, each in the version that was read. */
export const ticked = (form: FormData, asks: AskedStatement[]) =>
  asks.filter((s) => form.has(field(s.what))).map(({ what, version }) => ({ what, version }));

export type Joined = { name: string; acknowledged: { what: string; version: string }[] };

/** Somebody invited came with an account outside: their name, and what they agree to. */
export function Join({
  name,
  asks,
  busy,
  onJoin,
}: {
  name: string;
  asks: AskedStatement[];
  busy: boolean;
  onJoin: (j: Joined) => void;
}) {
  const { t } = useText();
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    onJoin({ name: String(form.get('name') ?? '').trim(), acknowledged: ticked(form, asks) });
  };
  return (
    <Outside title={t('agree.join')} text={t('agree.join_text')}>
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <Field label={t('setup.name')}>
          <Input
            name="name"
            required
            maxLength={200}
            defaultValue={name}
            autoComplete="name"
            dir="auto"
            className="h-10!"
          />
        </Field>
        <Statements asks={asks} />
        <Button type="submit" kind="primary" busy={busy} className="mt-1 h-10!">
          {t('letter.invite_do')}
        </Button>
      </form>
    </Outside>
  );
}
