import { keys } from '@core/api.ts';
import { key } from '@core/merge.ts';
import type { ApiKey } from '@core/types.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Card, Chip, EmptyState, Icon, patient, Row } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { Confirm } from '../shell/confirm.tsx';
import { Answered } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';
import { usePermissionName } from './scopes.tsx';

const NewKey = lazy(patient(() => import('./newkey.tsx')));

const month = 30 * 24 * 3_600_000;

/** Ends within a month: time to make the next. */
const soon = (k: ApiKey, now: Date) => Date.parse(k.expires_at) - now.getTime() < month;

export function KeysTab() {
  const { t, format } = useText();
  const named = usePermissionName();
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
                text={[
                  k.last_used_at
                    ? t('key.used', { when: format.agoInWords(k.last_used_at, now) })
                    : t('key.unused', { when: format.day(k.created_at, now) }),
                  k.expired ? '' : t('key.until', { when: format.day(k.expires_at, now) }),
                  k.scopes.map(named).join(', '),
                ]
                  .filter(Boolean)
                  .join(' · ')}
                end={
                  <>
                    {k.expired ? (
                      <Chip tone="bad" icon="clock" className="flex-none">
                        {t('key.expired')}
                      </Chip>
                    ) : soon(k, now) ? (
                      <Chip tone="warn" icon="clock" className="flex-none">
                        {t('key.soon')}
                      </Chip>
                    ) : null}
                    <Chip className="flex-none">{t(`role.${k.role}`)}</Chip>
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
      <Suspense>{adding ? <NewKey onClose={() => setAdding(false)} /> : null}</Suspense>
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
