import { session } from '@core/api.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Dialog, Field, Input } from '@ui';
import type { FormEvent } from 'react';
import { useDesk } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';

/** Leaves the workspace for good; its name is typed, so that no slip does it. */
export default function LeaveDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const { me } = useDesk();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { busy, send, at, rest } = useSending('workspace');
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const name = String(new FormData(e.currentTarget).get('workspace') ?? '').trim();
    void send(async () => {
      await session.leave(name);
      await navigate({ to: '/sign-in', search: {}, replace: true });
      client.clear();
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('leaving.title', { workspace: me.workspace.name })}
      text={t('leaving.text')}
      closeLabel={t('app.close')}
    >
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <Field label={t('leaving.name', { workspace: me.workspace.name })} error={at('workspace')}>
          <Input name="workspace" required maxLength={200} dir="auto" autoComplete="off" />
        </Field>
        <Refused text={rest} />
        <div className="flex justify-end gap-2">
          <Button kind="ghost" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button kind="danger" type="submit" busy={busy}>
            {t('leaving.do')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
