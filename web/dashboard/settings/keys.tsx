import { keys } from '@core/api.ts';
import { key } from '@core/merge.ts';
import type { ApiKey, GivenRole } from '@core/types.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import {
  Banner,
  Button,
  Card,
  Chip,
  Dialog,
  EmptyState,
  Field,
  Icon,
  Input,
  Row,
  Select,
  useToast,
} from '@ui';
import { type FormEvent, useState } from 'react';
import { Confirm } from '../shell/confirm.tsx';
import { Answered } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { problemText, useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';

const roles: GivenRole[] = ['agent', 'admin', 'analyst', 'billing', 'privacy', 'owner'];

export function KeysTab() {
  const { t, format } = useText();
  const now = useNow();
  const client = useQueryClient();
  const query = useQuery(q.keys());
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<ApiKey | null>(null);
  const list = query.data?.items ?? [];
  return (
    <Answered query={query}>
      <Card
        title={t('settings.keys')}
        text={t('settings.keys_text')}
        action={
          <Button size="s" icon="plus" onClick={() => setAdding(true)}>
            {t('key.create')}
          </Button>
        }
      >
        {list.length === 0 ? (
          <EmptyState icon="key" title={t('key.empty')} text={t('key.empty_text')} />
        ) : null}
        <ul>
          {list.map((k) => (
            <li key={k.id}>
              <Row
                start={<Icon name="key" className="text-ink-3" />}
                title={<bdi>{k.name}</bdi>}
                text={
                  k.last_used_at
                    ? t('key.used', { when: format.agoInWords(k.last_used_at, now) })
                    : t('key.unused', { when: format.day(k.created_at, now) })
                }
                end={
                  <>
                    <Chip>{t(`role.${k.role as 'owner'}`)}</Chip>
                    <Button
                      size="s"
                      kind="danger"
                      onClick={() => setRemoving(k)}
                      aria-label={t('key.revoke_named', { name: k.name })}
                    >
                      {t('key.revoke')}
                    </Button>
                  </>
                }
              />
            </li>
          ))}
        </ul>
      </Card>
      {adding ? <NewKey onClose={() => setAdding(false)} /> : null}
      {removing ? (
        <Confirm
          title={t('key.revoke_named', { name: removing.name })}
          text={t('key.revoke_text')}
          action={t('key.revoke')}
          onClose={() => setRemoving(null)}
          onRun={async () => {
            await keys.remove(removing.id);
            await client.invalidateQueries({ queryKey: key.keys });
          }}
        />
      ) : null}
    </Answered>
  );
}

function NewKey({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const owner = useCan('admin.write');
  const client = useQueryClient();
  const say = useToast();
  const [made, setMade] = useState<ApiKey | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const submit = async (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    setBusy(true);
    setProblem(null);
    try {
      setMade(
        await keys.add({
          name: String(form.get('name')).trim(),
          role: roles.find((r) => r === form.get('role')) ?? 'agent',
        }),
      );
      await client.invalidateQueries({ queryKey: key.keys });
    } catch (err) {
      setProblem(err);
    } finally {
      setBusy(false);
    }
  };
  if (made) {
    const token = made.token ?? '';
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
          <Button
            icon="copy"
            onClick={() =>
              void navigator.clipboard.writeText(token).then(
                () => say(t('app.copied')),
                () => say(t('app.copy_failed'), { bad: true }),
              )
            }
          >
            {t('app.copy')}
          </Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog open onClose={onClose} title={t('key.create')} closeLabel={t('app.close')}>
      <form className="flex flex-col gap-4" onSubmit={(e) => void submit(e)}>
        <Field label={t('key.name')} hint={t('key.name_hint')}>
          <Input name="name" required maxLength={100} dir="auto" />
        </Field>
        <Field label={t('key.role')}>
          <Select name="role" defaultValue="agent">
            {roles
              .filter((r) => r !== 'owner' || owner)
              .map((r) => (
                <option key={r} value={r}>
                  {t(`role.${r}`)}
                </option>
              ))}
          </Select>
        </Field>
        {problem ? (
          <Banner tone="bad" icon="alert" box role="alert">
            {problemText(t, problem)}
          </Banner>
        ) : null}
        <div className="flex justify-end gap-2">
          <Button kind="ghost" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button kind="primary" type="submit" busy={busy}>
            {t('key.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
