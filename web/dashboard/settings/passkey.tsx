import { factors } from '@core/factors.ts';
import { NoPasskey, passkeysHere } from '@core/passkey.ts';
import type { Schemas } from '@core/types.ts';
import { Banner, Dialog, Field, Input } from '@ui';
import { type FormEvent, useState } from 'react';
import { SaveOrLeave } from '../shell/save.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { useAdded } from './added.tsx';

/** Adds a passkey of this device, or of a security key that is plugged in. */
export default function AddPasskey({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const { shown, added } = useAdded(onClose);
  return (
    shown ?? (
      <Dialog
        open
        onClose={onClose}
        title={t('factor.add_passkey')}
        text={t('factor.passkey_way')}
        closeLabel={t('app.close')}
      >
        <PasskeyForm onAdded={added} onLeave={onClose} />
      </Dialog>
    )
  );
}

export function PasskeyForm({
  onAdded,
  onLeave,
}: {
  onAdded: (added: Schemas['AddedFactor']) => void;
  onLeave: () => void;
}) {
  const { t } = useText();
  const { busy, send, at, rest } = useSending('name');
  const [refused, setRefused] = useState('');
  if (!passkeysHere()) {
    return (
      <Banner tone="warn" icon="info" box>
        {t('factor.not_here')}
      </Banner>
    );
  }
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const name = String(new FormData(e.currentTarget).get('name') ?? '').trim();
    void send(async () => {
      setRefused('');
      try {
        onAdded(await factors.addPasskey(name));
      } catch (err) {
        if (!(err instanceof NoPasskey)) throw err;
        const there = err.message === 'InvalidStateError';
        setRefused(t(there ? 'factor.passkey_there' : 'factor.passkey_refused'));
      }
    });
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      <Field label={t('factor.name')} hint={t('factor.name_hint')} error={at('name')}>
        <Input
          name="name"
          required
          maxLength={60}
          defaultValue={t('factor.key_name')}
          dir="auto"
          autoComplete="off"
          className="max-w-60"
        />
      </Field>
      <Refused text={refused || rest} />
      <SaveOrLeave busy={busy} label={t('factor.make')} onLeave={onLeave} />
    </form>
  );
}
