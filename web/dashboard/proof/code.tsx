import { Field, Input } from '@ui';
import { useText } from '../state/i18n.ts';

/** Six digits of an app; the browser and the phone fill it by themselves. */
export function CodeField({ label, error }: { label?: string; error?: string }) {
  const { t } = useText();
  return (
    <Field label={label ?? t('proof.code')} hint={t('proof.code_hint')} error={error}>
      <Input
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        pattern="[0-9 ]{6,7}"
        title={t('proof.code_hint')}
        maxLength={7}
        required
        dir="ltr"
        className="h-11! max-w-44 font-mono text-[20px]! tracking-[0.2em]"
      />
    </Field>
  );
}
