import type { Shown } from '@core/factors.ts';
import { NoPasskey, passkeysHere } from '@core/passkey.ts';
import { Button, Field, Input } from '@ui';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { PasswordInput } from '../shell/password.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { CodeField } from './code.tsx';

export type Way = Shown['way'];

/**
 * Asks for one proof of several: the strongest first, the others by a press.
 * `onShow` hands it to the server and throws what the server says against it.
 */
export function ProofForm({
  ways,
  email,
  onShow,
  onLeave,
  leave,
}: {
  ways: Way[];
  email: string;
  onShow: (shown: Shown) => Promise<unknown>;
  onLeave: () => void;
  leave: string;
}) {
  const { t } = useText();
  const usable = ways.filter((w) => w !== 'passkey' || passkeysHere());
  const [chosen, setChosen] = useState<Way | null>(null);
  const way = chosen ?? usable[0];
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // Another way was chosen: its field takes the keys.
    if (chosen) form.current?.querySelector<HTMLElement>('input:not([type=hidden]), [type=submit]')?.focus();
  }, [chosen]);
  const { busy, send, rest } = useSending();
  const [gone, setGone] = useState(false);
  const show = (text: string) =>
    void send(async () => {
      setGone(false);
      try {
        await onShow({ way: way ?? 'password', text });
      } catch (err) {
        // The person closed the browser's window, or has no passkey here: nothing is wrong with them.
        if (err instanceof NoPasskey) return setGone(true);
        throw err;
      }
    });
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    show(String(new FormData(e.currentTarget).get(way ?? '') ?? ''));
  };
  if (!way) return <p>{t('proof.none')}</p>;
  return (
    <form key={way} ref={form} className="flex flex-col gap-4" onSubmit={submit}>
      <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
      {way === 'passkey' ? <p className="text-ink-3">{t('proof.passkey_text')}</p> : null}
      {way === 'code' ? <CodeField /> : null}
      {way === 'recovery' ? (
        <Field label={t('proof.recovery')} hint={t('proof.recovery_hint')}>
          <Input
            name="recovery"
            required
            maxLength={40}
            autoComplete="off"
            spellCheck={false}
            dir="ltr"
            className="h-10! font-mono"
          />
        </Field>
      ) : null}
      {way === 'password' ? (
        <Field label={t('signin.password')}>
          <PasswordInput name="password" autoComplete="current-password" className="h-10!" />
        </Field>
      ) : null}
      <Refused text={gone ? t('proof.no_passkey') : rest} />
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Button kind="ghost" onClick={onLeave}>
          {leave}
        </Button>
        <Button type="submit" kind="primary" busy={busy} icon={way === 'passkey' ? 'key' : undefined}>
          {t(way === 'passkey' ? 'proof.use_passkey' : 'proof.go')}
        </Button>
      </div>
      <OtherWays ways={usable.filter((w) => w !== way)} onChoose={setChosen} />
    </form>
  );
}

function OtherWays({ ways, onChoose }: { ways: Way[]; onChoose: (way: Way) => void }) {
  const { t } = useText();
  if (!ways.length) return null;
  return (
    <div className="flex flex-col items-start gap-1 border-t border-line pt-3">
      <p className="text-meta text-ink-3">{t('proof.other')}</p>
      {ways.map((w) => (
        <button
          key={w}
          type="button"
          onClick={() => onChoose(w)}
          className="rounded-small py-1 text-brand-ink underline underline-offset-2"
        >
          {t(`proof.by_${w}`)}
        </button>
      ))}
    </div>
  );
}
