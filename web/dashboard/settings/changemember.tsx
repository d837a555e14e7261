import { members } from '@core/api.ts';
import { key } from '@core/merge.ts';
import type { GivenRole, Member } from '@core/types.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Dialog, Switch, useToast } from '@ui';
import { type FormEvent, useState } from 'react';
import { SaveOrLeave } from '../shell/save.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { FirstPassword, type Made, Told } from './first.tsx';
import { RoleField } from './role.tsx';

/** A member's role, and whether they may sign in. */
export default function ChangeMember({
  member,
  roles,
  onClose,
}: {
  member: Member;
  roles: GivenRole[];
  onClose: () => void;
}) {
  const { t } = useText();
  const client = useQueryClient();
  const say = useToast();
  const { busy, send, at, rest } = useSending('role');
  const [forgot, setForgot] = useState(false);
  const [role, setRole] = useState(roles.find((r) => r === member.role) ?? 'agent');
  const [on, setOn] = useState(member.state === 'active');
  const save = (e: FormEvent) => {
    e.preventDefault();
    void send(async () => {
      await members.change(member.id, {
        ...(role !== member.role ? { role } : {}),
        ...(on !== (member.state === 'active') ? { state: on ? 'active' : 'off' } : {}),
      });
      await client.invalidateQueries({ queryKey: key.members });
      say(t('app.saved'));
      onClose();
    });
  };
  const again = () =>
    void send(async () => {
      await members.invite(member.id);
      say(t('member.mailed', { email: member.email }));
      onClose();
    });
  if (forgot) return <Reset member={member} onClose={onClose} />;
  return (
    <Dialog open onClose={onClose} title={member.name} text={member.email} closeLabel={t('app.close')}>
      <form className="flex flex-col gap-4" onSubmit={save}>
        <RoleField value={role} roles={roles} onChange={setRole} error={at('role')} />
        <Switch label={t('member.active')} hint={t('member.active_text')} on={on} onChange={setOn} />
        {member.invited ? (
          <div className="flex flex-wrap items-center justify-between gap-2 border-t border-line pt-3.5">
            <div>
              <p className="font-medium">{t('member.invited')}</p>
              <p className="text-ink-3">{t('member.invite_again_text')}</p>
            </div>
            <Button size="s" icon="send" onClick={again} busy={busy}>
              {t('member.invite_again')}
            </Button>
          </div>
        ) : null}
        <div className="flex flex-wrap items-center justify-between gap-2 border-t border-line pt-3.5">
          <div>
            <p className="font-medium">{t('member.forgot')}</p>
            <p className="text-ink-3">{t('member.reset_text')}</p>
          </div>
          <Button size="s" icon="key" onClick={() => setForgot(true)}>
            {t('member.reset')}
          </Button>
        </div>
        <Refused text={rest} />
        <SaveOrLeave busy={busy} onLeave={onClose} />
      </form>
    </Dialog>
  );
}

/** A new first password for somebody who forgot theirs. */
function Reset({ member, onClose }: { member: Member; onClose: () => void }) {
  const { t } = useText();
  const { busy, send, at, rest } = useSending('password');
  const [password, setPassword] = useState('');
  const [made, setMade] = useState<Made | null>(null);
  if (made) return <Told made={made} onClose={onClose} />;
  const save = (e: FormEvent) => {
    e.preventDefault();
    void send(async () => {
      await members.resetPassword(member.id, password);
      setMade({ member, password });
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${t('member.reset')}: ${member.name}`}
      text={t('member.reset_text')}
      closeLabel={t('app.close')}
    >
      <form className="flex flex-col gap-4" onSubmit={save}>
        <FirstPassword value={password} onChange={setPassword} error={at('password')} />
        <Refused text={rest} />
        <div className="flex justify-end gap-2">
          <Button kind="ghost" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button kind="primary" type="submit" busy={busy}>
            {t('member.reset')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
