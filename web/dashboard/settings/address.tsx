import { session } from '@core/api.ts';
import { Dialog, Field, Input, useToast } from '@ui';
import type { FormEvent } from 'react';
import { SaveOrLeave } from '../shell/save.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';

/** Asks for another address to sign in with; it holds once it is confirmed there. */
export default function AddressDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const say = useToast();
  const { busy, send, at, rest } = useSending('email');
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const email = String(new FormData(e.currentTarget).get('email') ?? '').trim();
    void send(async () => {
      await session.changeAddress(email);
      say(t('member.mailed', { email }));
      onClose();
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('address.change')}
      text={t('address.text')}
      closeLabel={t('app.close')}
    >
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <Field label={t('address.new')} error={at('email')}>
          <Input name="email" type="email" required maxLength={254} autoComplete="email" />
        </Field>
        <Refused text={rest} />
        <SaveOrLeave busy={busy} label={t('address.send')} onLeave={onClose} />
      </form>
    </Dialog>
  );
}
