import { Button, Field, Textarea } from '@ui';
import type { FormEvent, ReactNode } from 'react';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';

/** A text that goes on its way by a press. */
export function Say({
  label,
  hint,
  action,
  optional,
  children,
  onSay,
}: {
  label: string;
  hint: string;
  action: string;
  optional?: boolean;
  children?: ReactNode;
  onSay: (text: string) => Promise<unknown>;
}) {
  const { t } = useText();
  const { busy, send, at, rest } = useSending('text');
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = e.currentTarget;
    const text = String(new FormData(form).get('text') ?? '').trim();
    if (!text && !optional) return;
    void send(async () => {
      await onSay(text);
      form.reset();
    });
  };
  return (
    <form className="flex flex-col gap-3" onSubmit={submit}>
      <Field label={optional ? `${label} ${t('request.optional')}` : label} hint={hint} error={at('text')}>
        <Textarea name="text" rows={3} maxLength={8000} required={!optional} dir="auto" />
      </Field>
      {children}
      <Refused text={rest} />
      <Button type="submit" kind="primary" busy={busy} className="self-start">
        {action}
      </Button>
    </form>
  );
}
