import { key } from '@core/merge.ts';
import { rename } from '@core/mine.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Dialog, Field, Input } from '@ui';
import type { FormEvent } from 'react';
import { SaveOrLeave } from '../shell/save.tsx';
import { useDesk } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';

/** Changes one's own name. */
export default function RenameDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const { me } = useDesk();
  const client = useQueryClient();
  const { busy, send, at, rest } = useSending('name');
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const name = String(new FormData(e.currentTarget).get('name') ?? '');
    void send(async () => {
      client.setQueryData(key.me, await rename(name));
      onClose();
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('mine.rename')}
      text={t('mine.rename_text')}
      closeLabel={t('app.close')}
    >
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <Field label={t('mine.name')} error={at('name')}>
          <Input
            name="name"
            required
            maxLength={100}
            dir="auto"
            autoComplete="name"
            defaultValue={me.member.name}
          />
        </Field>
        <Refused text={rest} />
        <SaveOrLeave busy={busy} onLeave={onClose} />
      </form>
    </Dialog>
  );
}
