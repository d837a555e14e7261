import { factors } from '@core/factors.ts';
import { key } from '@core/merge.ts';
import type { Factor } from '@core/types.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Dialog, Field, Input } from '@ui';
import type { FormEvent } from 'react';
import { SaveOrLeave } from '../shell/save.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';

/** Gives a second factor another name. */
export default function RenameFactor({ factor, onClose }: { factor: Factor; onClose: () => void }) {
  const { t } = useText();
  const client = useQueryClient();
  const { busy, send, at, rest } = useSending('name');
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const name = String(new FormData(e.currentTarget).get('name') ?? '').trim();
    void send(async () => {
      await factors.rename(factor.id, name);
      await client.invalidateQueries({ queryKey: key.factors });
      onClose();
    });
  };
  return (
    <Dialog open onClose={onClose} title={t('factor.rename')} closeLabel={t('app.close')}>
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <Field label={t('factor.name')} hint={t('factor.name_hint')} error={at('name')}>
          <Input
            name="name"
            required
            maxLength={60}
            defaultValue={factor.name}
            dir="auto"
            autoComplete="off"
          />
        </Field>
        <Refused text={rest} />
        <SaveOrLeave busy={busy} onLeave={onClose} />
      </form>
    </Dialog>
  );
}
