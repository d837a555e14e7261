import { keys } from '@core/api.ts';
import { key } from '@core/merge.ts';
import type { ApiKey, GivenRole } from '@core/types.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Banner, Button, Dialog, Field, Input, Segmented, Select, useToast } from '@ui';
import { type FormEvent, useState } from 'react';
import { SaveOrLeave } from '../shell/save.tsx';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { RoleField } from './role.tsx';
import { rolesQuery } from './roles.ts';
import { Scopes } from './scopes.tsx';

const roles: GivenRole[] = ['agent', 'admin', 'analyst', 'billing', 'privacy', 'owner'];
const terms = [30, 90, 180, 365];

/** Makes a key for a program: what it may do, until when; its token is shown once. */
export default function NewKey({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<ApiKey | null>(null);
  return made ? <Made made={made} onClose={onClose} /> : <NewForm onMade={setMade} onClose={onClose} />;
}

function NewForm({ onMade, onClose }: { onMade: (k: ApiKey) => void; onClose: () => void }) {
  const { t } = useText();
  const owner = useCan('admin.write');
  const client = useQueryClient();
  const { busy, send, at, rest } = useSending('name', 'role', 'scopes', 'days');
  const [role, setRole] = useState<GivenRole>('agent');
  const [whole, setWhole] = useState<'all' | 'some'>('all');
  const [scopes, setScopes] = useState<string[]>([]);
  const all = useQuery(rolesQuery).data?.items.find((r) => r.role === role)?.permissions ?? [];
  const [tried, setTried] = useState(false);
  const empty = whole === 'some' && !scopes.some((s) => all.includes(s as never));
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    setTried(true);
    if (empty) return; // none ticked would be all of them
    const form = new FormData(e.currentTarget);
    void send(async () => {
      const made = await keys.add({
        name: String(form.get('name')).trim(),
        role,
        days: Number(form.get('days')),
        ...(whole === 'some' ? { scopes: scopes.filter((s) => all.includes(s as never)) as never[] } : {}),
      });
      await client.invalidateQueries({ queryKey: key.keys });
      onMade(made);
    });
  };
  return (
    <Dialog open onClose={onClose} title={t('key.create')} closeLabel={t('app.close')}>
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <Field label={t('key.name')} hint={t('key.name_hint')} error={at('name')}>
          <Input name="name" required maxLength={100} dir="auto" />
        </Field>
        <RoleField
          value={role}
          roles={roles.filter((r) => r !== 'owner' || owner)}
          onChange={setRole}
          error={at('role')}
        />
        <div className="flex flex-col items-start gap-2">
          <span className="font-medium">{t('key.scopes')}</span>
          <Segmented
            label={t('key.scopes')}
            value={whole}
            onChange={setWhole}
            choices={[
              { value: 'all', label: t('key.scopes_all') },
              { value: 'some', label: t('key.scopes_some') },
            ]}
          />
          {whole === 'some' ? <Scopes all={all} chosen={scopes} onChange={setScopes} /> : null}
        </div>
        <Field label={t('key.term')} hint={t('key.term_hint')} error={at('days')}>
          <Select name="days" defaultValue="90" className="max-w-60">
            {terms.map((d) => (
              <option key={d} value={d}>
                {t('key.days', { count: d })}
              </option>
            ))}
          </Select>
        </Field>
        <Refused text={at('scopes') ?? (tried && empty ? t('key.scopes_empty') : rest)} />
        <SaveOrLeave busy={busy} label={t('key.create')} onLeave={onClose} />
      </form>
    </Dialog>
  );
}

function Made({ made, onClose }: { made: ApiKey; onClose: () => void }) {
  const { t } = useText();
  const say = useToast();
  const token = made.token ?? '';
  const copy = () =>
    void navigator.clipboard.writeText(token).then(
      () => say(t('app.copied')),
      () => say(t('app.copy_failed'), { bad: true }),
    );
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('key.made')}
      closeLabel={t('app.close')}
      actions={
        <Button kind="primary" onClick={onClose}>
          {t('app.done')}
        </Button>
      }
    >
      <Banner tone="warn" icon="alert" box>
        {t('key.once')}
      </Banner>
      <div className="mt-3 flex items-center gap-2">
        <Input
          readOnly
          value={token}
          aria-label={t('key.token')}
          dir="ltr"
          className="font-mono"
          onFocus={(e) => e.target.select()}
        />
        <Button icon="copy" onClick={copy}>
          {t('app.copy')}
        </Button>
      </div>
    </Dialog>
  );
}
