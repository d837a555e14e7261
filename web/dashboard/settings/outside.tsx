import { outside } from '@core/api.ts';
import { key } from '@core/merge.ts';
import type { Schemas } from '@core/types.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Card, CardBody, Icon, Row, Switch } from '@ui';
import { useState } from 'react';
import { linkedQuery } from '../proof/outside.tsx';
import { Confirm } from '../shell/confirm.tsx';
import { ways } from '../signin/forgot.tsx';
import { useNow } from '../state/box.ts';
import { useDesk, useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';

/** Accounts at providers outside that sign one in; absent where there is no provider and no account. */
export function OutsideAccounts() {
  const { t, format } = useText();
  const now = useNow();
  const client = useQueryClient();
  const attempt = useTry();
  const { me } = useDesk();
  const offered = useQuery(ways).data?.outside ?? [];
  const accounts = useQuery(linkedQuery).data?.items ?? [];
  const [removing, setRemoving] = useState<Schemas['OutsideAccount'] | null>(null);
  const free = offered.filter((o) => !accounts.some((a) => a.way === o.way));
  const link = (way: string) =>
    void attempt(async () => {
      const { url } = await outside.link(way);
      window.location.assign(url);
    });
  if (!offered.length && !accounts.length) return null;
  return (
    <Card title={t('outside.title')} text={t('outside.text')}>
      <ul>
        {accounts.map((a) => (
          <li key={a.id}>
            <Row
              start={<Icon name="link" className="text-ink-3" />}
              title={<bdi>{a.email ? `${a.name} · ${a.email}` : a.name}</bdi>}
              text={
                a.used_at
                  ? t('factor.used', { when: format.agoInWords(a.used_at, now) })
                  : t('factor.since', { when: format.agoInWords(a.linked_at, now) })
              }
              end={
                <Button
                  size="s"
                  kind="danger"
                  onClick={() => setRemoving(a)}
                  aria-label={t('outside.unlink_named', { name: a.name })}
                >
                  {t('outside.unlink')}
                </Button>
              }
            />
          </li>
        ))}
        {free.map((o) => (
          <li key={o.way}>
            <Row
              start={<Icon name="link" className="text-ink-3" />}
              title={o.name}
              text={t('outside.none')}
              end={
                <Button
                  size="s"
                  onClick={() => link(o.way)}
                  aria-label={t('outside.link_named', { name: o.name })}
                >
                  {t('outside.link')}
                </Button>
              }
            />
          </li>
        ))}
      </ul>
      {accounts.length ? (
        <CardBody>
          <Switch
            label={t('outside.face')}
            hint={t('outside.face_text')}
            on={me.member.pictured}
            onChange={(shown) =>
              void attempt(async () => {
                await outside.face(shown);
                await client.invalidateQueries({ queryKey: key.me });
              })
            }
          />
        </CardBody>
      ) : null}
      {removing ? (
        <Confirm
          title={t('outside.unlink_named', { name: removing.name })}
          text={t('outside.unlink_text')}
          action={t('outside.unlink')}
          onClose={() => setRemoving(null)}
          onRun={async () => {
            await outside.unlink(removing.id);
            await client.invalidateQueries({ queryKey: linkedQuery.queryKey });
          }}
        />
      ) : null}
    </Card>
  );
}
