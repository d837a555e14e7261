import { members } from '@core/api.ts';
import { factors } from '@core/factors.ts';
import { key } from '@core/merge.ts';
import type { GivenRole, Member } from '@core/types.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Dialog, Switch, useToast } from '@ui';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Confirm } from '../shell/confirm.tsx';
import { SaveOrLeave } from '../shell/save.tsx';
import { useCan } from '../state/desk.tsx';
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
  const owner = useCan('admin.write');
  const [forgot, setForgot] = useState(false);
  const [giving, setGiving] = useState(false);
  const [taking, setTaking] = useState(false);
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
  if (taking) return <TakeFactors member={member} onClose={onClose} />;
  if (giving) return <GiveOwnership member={member} onClose={onClose} />;
  return (
    <Dialog open onClose={onClose} title={member.name} text={member.email} closeLabel={t('app.close')}>
      <form className="flex flex-col gap-4" onSubmit={save}>
        <RoleField value={role} roles={roles} onChange={setRole} error={at('role')} />
        <Switch label={t('member.active')} hint={t('member.active_text')} on={on} onChange={setOn} />
        {member.invited ? (
          <Further title={t('member.invited')} text={t('member.invite_again_text')}>
            <Button size="s" icon="send" onClick={again} busy={busy}>
              {t('member.invite_again')}
            </Button>
          </Further>
        ) : null}
        <Further title={t('member.forgot')} text={t('member.reset_text')}>
          <Button size="s" icon="key" onClick={() => setForgot(true)}>
            {t('member.reset')}
          </Button>
        </Further>
        {owner ? (
          <Further title={t('factor.reset')} text={t('factor.reset_text')}>
            <Button size="s" kind="danger" onClick={() => setTaking(true)}>
              {t('factor.reset_do')}
            </Button>
          </Further>
        ) : null}
        {owner && member.state === 'active' && !member.invited && member.role !== 'owner' ? (
          <Further title={t('member.give')} text={t('member.give_text')}>
            <Button size="s" kind="danger" onClick={() => setGiving(true)}>
              {t('member.give_do')}
            </Button>
          </Further>
        ) : null}
        <Refused text={rest} />
        <SaveOrLeave busy={busy} onLeave={onClose} />
      </form>
    </Dialog>
  );
}

/** One more thing that can be done to a member, with what it does. */
function Further({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 border-t border-line pt-3.5">
      <div>
        <p className="font-medium">{title}</p>
        <p className="text-ink-3">{text}</p>
      </div>
      {children}
    </div>
  );
}

/** Asks once more, then makes the member the owner and oneself an admin. */
function GiveOwnership({ member, onClose }: { member: Member; onClose: () => void }) {
  const { t } = useText();
  const client = useQueryClient();
  return (
    <Confirm
      title={t('member.give_named', { name: member.name })}
      text={t('member.give_sure')}
      action={t('member.give_do')}
      onClose={onClose}
      onRun={async () => {
        await members.giveOwnership(member.id);
        await Promise.all([
          client.invalidateQueries({ queryKey: key.members }),
          client.invalidateQueries({ queryKey: key.me }),
        ]);
      }}
    />
  );
}

/** Asks once more, then takes every second step from a member who lost theirs. */
function TakeFactors({ member, onClose }: { member: Member; onClose: () => void }) {
  const { t } = useText();
  return (
    <Confirm
      title={t('factor.reset_named', { name: member.name })}
      text={t('factor.reset_text')}
      action={t('factor.reset_do')}
      onClose={onClose}
      onRun={() => factors.reset(member.id)}
    />
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
