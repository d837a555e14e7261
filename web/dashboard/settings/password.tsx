import { session } from '@core/api.ts';
import { key } from '@core/merge.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Dialog, Field, useToast } from '@ui';
import type { FormEvent } from 'react';
import { PasswordInput } from '../shell/password.tsx';
import { useDesk } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';

/** Changes one's own password; the other sign-ins end with it. */
export default function PasswordDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const { me } = useDesk();
  const client = useQueryClient();
  const say = useToast();
  const { busy, send, at, rest } = useSending('current', 'new');
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    void send(async () => {
      await session.setPassword({ current: String(form.get('current')), new: String(form.get('new')) });
      await client.invalidateQueries({ queryKey: key.devices });
      say(t('password.done'));
      onClose();
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('password.change')}
      text={t('password.text')}
      closeLabel={t('app.close')}
    >
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <input type="hidden" name="username" autoComplete="username" value={me.member.email} readOnly />
        <Field label={t('password.current')} error={at('current')}>
          <PasswordInput name="current" autoComplete="current-password" />
        </Field>
        <Field label={t('password.next')} hint={t('password.hint')} error={at('new')}>
          <PasswordInput name="new" autoComplete="new-password" />
        </Field>
        <Refused text={rest} />
        <div className="flex justify-end gap-2">
          <Button kind="ghost" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button kind="primary" type="submit" busy={busy}>
            {t('password.change')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
