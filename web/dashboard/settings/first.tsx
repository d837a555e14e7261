import { suggestPassword } from '@core/password.ts';
import type { Member } from '@core/types.ts';
import { Banner, Button, Dialog, Field, Input, useToast } from '@ui';
import { useText } from '../state/i18n.ts';

export type Made = { member: Member; password: string };

/** A first password: shown while it is written, because it has to be passed on. */
export function FirstPassword({
  value,
  onChange,
  error,
}: {
  value: string;
  onChange: (password: string) => void;
  error?: string;
}) {
  const { t } = useText();
  return (
    <div className="flex flex-col items-start gap-2">
      <Field label={t('member.first')} hint={t('member.first_hint')} error={error} className="w-full">
        <Input
          required
          value={value}
          maxLength={256}
          dir="ltr"
          autoComplete="off"
          spellCheck={false}
          className="font-mono"
          onChange={(e) => onChange(e.target.value)}
        />
      </Field>
      <Button size="s" icon="key" onClick={() => onChange(suggestPassword())}>
        {t('member.suggest')}
      </Button>
    </div>
  );
}

/** What to tell a member so that they can sign in; shown this once. */
export function Told({ made, onClose }: { made: Made; onClose: () => void }) {
  const { t } = useText();
  const say = useToast();
  const rows: [string, string][] = [
    [t('member.address'), window.location.origin],
    [t('member.email'), made.member.email],
    [t('member.first'), made.password],
  ];
  const copy = () =>
    void navigator.clipboard.writeText(rows.map(([name, value]) => `${name}: ${value}`).join('\n')).then(
      () => say(t('app.copied')),
      () => say(t('app.copy_failed'), { bad: true }),
    );
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('member.made', { name: made.member.name })}
      closeLabel={t('app.close')}
      actions={
        <>
          <Button icon="copy" onClick={copy}>
            {t('app.copy')}
          </Button>
          <Button kind="primary" onClick={onClose}>
            {t('app.done')}
          </Button>
        </>
      }
      reading
    >
      <Banner tone="warn" icon="alert" box>
        {t('member.made_text')}
      </Banner>
      <dl className="mt-3 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-2">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-3">{name}</dt>
            <dd dir="ltr" className="font-mono break-all align-page select-all">
              {value}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
