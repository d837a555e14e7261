import { type InstanceWorkspace, workspaces } from '@core/standing.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Dialog, Field, Textarea, useToast } from '@ui';
import type { FormEvent } from 'react';
import { SaveOrLeave } from '../shell/save.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { workspacesKey } from './workspaces.tsx';

/** Releases the legal holds of a workspace that has ended, with a reason; what they kept then goes, too. */
export default function ReleaseDialog({
  workspace,
  onClose,
}: {
  workspace: InstanceWorkspace;
  onClose: () => void;
}) {
  const { t } = useText();
  const client = useQueryClient();
  const say = useToast();
  const { busy, send, at, rest } = useSending('reason');
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const reason = String(new FormData(e.currentTarget).get('reason') ?? '').trim();
    void send(async () => {
      await workspaces.releaseHolds(workspace.id, reason);
      await client.invalidateQueries({ queryKey: workspacesKey });
      say(t('install.released'));
      onClose();
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('install.release_title', { name: workspace.name })}
      text={t('install.release_text', { count: workspace.conversations })}
      closeLabel={t('app.close')}
    >
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <Field label={t('install.release_why')} hint={t('install.release_hint')} error={at('reason')}>
          <Textarea name="reason" required maxLength={1000} rows={3} dir="auto" />
        </Field>
        <Refused text={rest} />
        <SaveOrLeave busy={busy} label={t('install.release')} onLeave={onClose} />
      </form>
    </Dialog>
  );
}
