import { outside, session } from '@core/api.ts';
import { key } from '@core/merge.ts';
import { onProved } from '@core/proved.ts';
import type { Me } from '@core/types.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Icon } from '@ui';
import { useEffect, useState } from 'react';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';

/** Accounts outside that sign one in. */
export const linkedQuery = {
  queryKey: ['outside-accounts'],
  queryFn: ({ signal }: { signal: AbortSignal }) => outside.list({ signal }),
  staleTime: 0,
};

/** Proves who one is at the provider of a linked account, in a page of its own; this one waits. */
export function ProveOutside({ onShown }: { onShown: () => void }) {
  const { t } = useText();
  const client = useQueryClient();
  const accounts = useQuery(linkedQuery).data?.items ?? [];
  const { busy, send, rest } = useSending();
  // A link that is there before the press: no browser takes it for an unwished page.
  const [ready, setReady] = useState<{ way: string; name: string; url: string } | null>(null);
  useEffect(
    () =>
      onProved(() => {
        void session.me().then((me) => {
          client.setQueryData<Me>(key.me, me);
          onShown();
        });
      }),
    [client, onShown],
  );
  if (!accounts.length) return null;
  const begin = (way: string, name: string) =>
    void send(async () => {
      const { url } = await outside.prove(way);
      setReady({ way, name, url });
    });
  return (
    <div className="mt-4 flex flex-col items-start gap-2 border-t border-line pt-3">
      {ready ? (
        <>
          <a
            href={ready.url}
            target="_blank"
            rel="noopener noreferrer"
            className="flex items-center gap-1.5 py-1 font-medium text-brand-ink underline underline-offset-2"
          >
            <Icon name="link" />
            {t('proof.outside_go', { name: ready.name })}
          </a>
          <p className="text-meta text-ink-3">{t('proof.outside_waits')}</p>
          <Button size="s" kind="ghost" onClick={() => setReady(null)}>
            {t('app.again')}
          </Button>
        </>
      ) : (
        [...new Map(accounts.map((a) => [a.way, a.name]))].map(([way, name]) => (
          <Button key={way} icon="link" busy={busy} onClick={() => begin(way, name)}>
            {t('proof.outside', { name })}
          </Button>
        ))
      )}
      <Refused text={rest} />
    </div>
  );
}
