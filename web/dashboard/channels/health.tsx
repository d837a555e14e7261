import { channels } from '@core/api.ts';
import { key } from '@core/merge.ts';
import type { ChannelHealth } from '@core/types.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Card, CardBody, Icon, patient } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';

const Register = lazy(patient(() => import('./register.tsx')));

/** Asks the provider, now and only when asked to: each look costs it calls. */
export function Health({ id }: { id: string }) {
  const { t, format } = useText();
  const client = useQueryClient();
  const [found, setFound] = useState<{ health: ChannelHealth; at: Date } | null>(null);
  const { busy, send, rest } = useSending();
  const may = useCan('channel.write');
  const [registering, setRegistering] = useState(false);
  const unregistered = found?.health.findings?.some((f) => f.code === 'not_registered');
  const look = async () => {
    const health = await send(() => channels.health(id));
    if (!health) return;
    setFound({ health, at: new Date() });
    await client.invalidateQueries({ queryKey: key.channels });
  };
  return (
    <Card
      title={t('account.health')}
      text={t('account.health_text')}
      action={
        <Button icon="refresh" busy={busy} onClick={() => void look()}>
          {t('account.check')}
        </Button>
      }
    >
      <div role="status">{found ? <Findings health={found.health} /> : null}</div>
      {found ? (
        <p className="px-[18px] pb-3.5 text-meta text-ink-3">
          {[
            t('account.checked', { time: format.time(found.at) }),
            refused(found.health)
              ? ''
              : found.health.token_until
                ? t('account.until', { when: format.date(found.health.token_until) })
                : t('account.endless'),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      ) : null}
      {unregistered && may ? (
        <CardBody>
          <Button kind="primary" icon="key" onClick={() => setRegistering(true)}>
            {t('register.open')}
          </Button>
        </CardBody>
      ) : null}
      {registering ? (
        <Suspense>
          <Register
            id={id}
            onClose={() => setRegistering(false)}
            onDone={() => {
              setRegistering(false);
              void look();
            }}
          />
        </Suspense>
      ) : null}
      {rest ? (
        <CardBody>
          <Refused text={rest} />
        </CardBody>
      ) : null}
    </Card>
  );
}

/** The end of an access that is refused already means nothing. */
const refused = (h: ChannelHealth) =>
  (h.findings ?? []).some((f) => !f.ok && (f.name === 'token' || f.name === 'reach'));

function Findings({ health }: { health: ChannelHealth }) {
  const { t, format } = useText();
  return (
    <ul className="mb-3">
      {(health.findings ?? []).map((f) => (
        <li key={f.name} className="flex items-start gap-3 border-t border-line px-[18px] py-2.5">
          <span className={`mt-0.5 ${f.warn ? 'text-warn' : f.ok ? 'text-ok' : 'text-bad'}`}>
            <Icon name={f.warn ? 'alert' : f.ok ? 'check' : 'x'} />
            <span className="sr-only">
              {f.warn ? t('account.warn') : f.ok ? t('account.ok') : t('account.bad')}
            </span>
          </span>
          <span className="min-w-0 flex-1">
            <span className="block font-medium">{f.words}</span>
            {f.at ? <span className="num block text-meta text-ink-3">{format.full(f.at)}</span> : null}
            {f.fault ? <span className="block text-ink-2">{f.fault}</span> : null}
            {f.detail ? (
              <span dir="auto" className="block text-meta break-words text-ink-3">
                {f.detail}
              </span>
            ) : null}
          </span>
        </li>
      ))}
    </ul>
  );
}
