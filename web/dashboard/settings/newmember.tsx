import { members } from '@core/api.ts';
import { key } from '@core/merge.ts';
import type { GivenRole } from '@core/types.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Dialog, Field, Input } from '@ui';
import { type FormEvent, useState } from 'react';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { FirstPassword, type Made, Told } from './first.tsx';
import { RoleField } from './role.tsx';

/** Adds somebody with a first password, which the adder passes on: there is no mail. */
export default function NewMember({ roles, onClose }: { roles: GivenRole[]; onClose: () => void }) {
  const { t } = useText();
  const [made, setMade] = useState<Made | null>(null);
  if (made) return <Told made={made} onClose={onClose} />;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('member.add')}
      text={t('member.add_text')}
      closeLabel={t('app.close')}
    >
      <NewForm roles={roles} onMade={setMade} onCancel={onClose} />
    </Dialog>
  );
}

function NewForm({
  roles,
  onMade,
  onCancel,
}: {
  roles: GivenRole[];
  onMade: (made: Made) => void;
  onCancel: () => void;
}) {
  const { t } = useText();
  const client = useQueryClient();
  const { busy, send, at, rest } = useSending('name', 'email', 'role', 'password');
  const [role, setRole] = useState<GivenRole>('agent');
  const [password, setPassword] = useState('');
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const field = (name: string) => String(form.get(name) ?? '').trim();
    void send(async () => {
      const member = await members.add({ name: field('name'), email: field('email'), role, password });
      await client.invalidateQueries({ queryKey: key.members });
      onMade({ member, password });
    });
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      <Field label={t('member.name')} error={at('name')}>
        <Input name="name" required maxLength={200} dir="auto" autoComplete="off" />
      </Field>
      <Field label={t('member.email')} error={at('email')}>
        <Input name="email" type="email" required maxLength={254} autoComplete="off" />
      </Field>
      <RoleField value={role} roles={roles} onChange={setRole} error={at('role')} />
      <FirstPassword value={password} onChange={setPassword} error={at('password')} />
      <Refused text={rest} />
      <div className="flex justify-end gap-2">
        <Button kind="ghost" onClick={onCancel}>
          {t('app.cancel')}
        </Button>
        <Button kind="primary" type="submit" busy={busy}>
          {t('member.add')}
        </Button>
      </div>
    </form>
  );
}
