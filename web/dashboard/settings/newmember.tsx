import { members } from '@core/api.ts';
import { key } from '@core/merge.ts';
import { suggestPassword } from '@core/password.ts';
import type { GivenRole, Member } from '@core/types.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Banner, Button, Dialog, Field, Input, useToast } from '@ui';
import { type FormEvent, useState } from 'react';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { RoleField } from './role.tsx';

type Made = { member: Member; password: string };

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
      <Field label={t('member.first')} hint={t('member.first_hint')} error={at('password')}>
        <Input
          required
          value={password}
          maxLength={256}
          dir="ltr"
          autoComplete="off"
          spellCheck={false}
          className="font-mono"
          onChange={(e) => setPassword(e.target.value)}
        />
      </Field>
      <Button size="s" icon="key" className="-mt-2 self-start" onClick={() => setPassword(suggestPassword())}>
        {t('member.suggest')}
      </Button>
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

function Told({ made, onClose }: { made: Made; onClose: () => void }) {
  const { t } = useText();
  const say = useToast();
  const rows: [string, string][] = [
    [t('member.address'), window.location.origin],
    [t('member.email'), made.member.email],
    [t('member.first'), made.password],
  ];
  const copy = () =>
    void navigator.clipboard.writeText(rows.map(([name, value]) => `${name}: ${value}`).join('\n')).then(
      () => say(t('app.copied')),
      () => say(t('app.copy_failed'), { bad: true }),
    );
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('member.made', { name: made.member.name })}
      closeLabel={t('app.close')}
      actions={
        <>
          <Button icon="copy" onClick={copy}>
            {t('app.copy')}
          </Button>
          <Button kind="primary" onClick={onClose}>
            {t('app.done')}
          </Button>
        </>
      }
      reading
    >
      <Banner tone="warn" icon="alert" box>
        {t('member.made_text')}
      </Banner>
      <dl className="mt-3 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-2">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-3">{name}</dt>
            <dd dir="ltr" className="font-mono break-all select-all">
              {value}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
