import { members } from '@core/api.ts';
import { key } from '@core/merge.ts';
import type { GivenRole } from '@core/types.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Dialog, Field, Input, Segmented, useToast } from '@ui';
import { type FormEvent, useState } from 'react';
import { ways } from '../signin/forgot.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { FirstPassword, type Made, Told } from './first.tsx';
import { RoleField } from './role.tsx';

/** Adds somebody: by a mailed link or, where no mail leaves, with a first password that the adder passes on. */
export default function NewMember({ roles, onClose }: { roles: GivenRole[]; onClose: () => void }) {
  const { t } = useText();
  const [made, setMade] = useState<Made | null>(null);
  if (made) return <Told made={made} onClose={onClose} />;
  return (
    <Dialog open onClose={onClose} title={t('member.add')} closeLabel={t('app.close')}>
      <NewForm roles={roles} onMade={setMade} onClose={onClose} />
    </Dialog>
  );
}

function NewForm({
  roles,
  onMade,
  onClose,
}: {
  roles: GivenRole[];
  onMade: (made: Made) => void;
  onClose: () => void;
}) {
  const { t } = useText();
  const client = useQueryClient();
  const { busy, send, at, rest } = useSending('name', 'email', 'role', 'password');
  const [role, setRole] = useState<GivenRole>('agent');
  const [password, setPassword] = useState('');
  const say = useToast();
  const mail = useQuery(ways).data?.mail ?? false;
  const [chosen, setChosen] = useState<'mail' | 'password' | null>(null);
  const how = mail ? (chosen ?? 'mail') : 'password';
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const field = (name: string) => String(form.get(name) ?? '').trim();
    void send(async () => {
      const member = await members.add({
        name: field('name'),
        email: field('email'),
        role,
        ...(how === 'password' ? { password } : {}),
      });
      await client.invalidateQueries({ queryKey: key.members });
      if (how === 'password') return onMade({ member, password });
      say(t('member.mailed', { email: member.email }));
      onClose();
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
      {mail ? (
        <div className="flex flex-col items-start gap-2">
          <Segmented
            label={t('member.how')}
            value={how}
            onChange={setChosen}
            choices={[
              { value: 'mail', label: t('member.by_mail') },
              { value: 'password', label: t('member.by_password') },
            ]}
          />
          <p className="text-ink-3">{t(`member.by_${how}_text`)}</p>
        </div>
      ) : (
        <p className="text-ink-3">{t('member.add_text')}</p>
      )}
      {how === 'password' ? (
        <FirstPassword value={password} onChange={setPassword} error={at('password')} />
      ) : null}
      <Refused text={rest} />
      <div className="flex justify-end gap-2">
        <Button kind="ghost" onClick={onClose}>
          {t('app.cancel')}
        </Button>
        <Button kind="primary" type="submit" busy={busy}>
          {t('member.add')}
        </Button>
      </div>
    </form>
  );
}
