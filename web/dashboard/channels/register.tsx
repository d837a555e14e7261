import { channels } from '@core/api.ts';
import { Button, Dialog, Field, Input } from '@ui';
import { type FormEvent, useState } from 'react';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';

/** Brings a number into service with its PIN, which is asked for here and kept nowhere. */
export default function Register({
  id,
  onDone,
  onClose,
}: {
  id: string;
  onDone: () => void;
  onClose: () => void;
}) {
  const { t } = useText();
  const [pin, setPin] = useState('');
  const { busy, send, at, rest } = useSending('pin');
  const save = async (e: FormEvent) => {
    e.preventDefault();
    const done = await send(async () => {
      await channels.register(id, pin);
      return true;
    });
    if (done) onDone();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('register.title')}
      text={t('register.text')}
      closeLabel={t('app.close')}
    >
      <form className="flex flex-col gap-3.5" onSubmit={(e) => void save(e)}>
        <Field label={t('register.pin')} hint={t('register.pin_hint')} error={at('pin')}>
          <Input
            value={pin}
            onChange={(e) => setPin(e.target.value.replace(/\D/g, '').slice(0, 6))}
            inputMode="numeric"
            autoComplete="off"
            className="num w-32 tracking-[0.3em]"
          />
        </Field>
        <Refused text={rest} />
        <div className="flex justify-end gap-2">
          <Button kind="ghost" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button kind="primary" type="submit" busy={busy} disabled={pin.length !== 6}>
            {t('register.run')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
