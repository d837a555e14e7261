import { session } from '@core/api.ts';
import { proofs } from '@core/factors.ts';
import { NoPasskey, passkeysHere } from '@core/passkey.ts';
import type { Me } from '@core/types.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from '@ui';
import { useState } from 'react';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { ways } from './forgot.tsx';

/** The ways in beside a password, as far as this install and this browser have them. */
export function OtherWays({ onIn }: { onIn: (me: Me) => Promise<void> }) {
  const { t } = useText();
  const query = useQuery(ways);
  const { busy, send, rest } = useSending();
  const [gone, setGone] = useState(false);
  const outside = query.data?.outside ?? [];
  const passkey = () =>
    void send(async () => {
      setGone(false);
      try {
        await onIn(await proofs.signIn());
      } catch (err) {
        if (err instanceof NoPasskey) return setGone(true);
        throw err;
      }
    });
  const leave = (way: string) =>
    void send(async () => {
      const { url } = await session.toOutside(way);
      window.location.assign(url);
    });
  if (!passkeysHere() && !outside.length && !query.data?.mail) return null;
  return (
    <div className="mt-5 flex flex-col gap-2 border-t border-line pt-5">
      {outside.map((o) => (
        <Button key={o.way} className="h-10!" disabled={busy} onClick={() => leave(o.way)}>
          {t('signin.with', { name: o.name })}
        </Button>
      ))}
      {passkeysHere() ? (
        <Button icon="key" className="h-10!" disabled={busy} onClick={passkey}>
          {t('signin.passkey')}
        </Button>
      ) : null}
      <Refused text={gone ? t('proof.no_passkey') : rest} />
      {query.data?.mail ? (
        <Link
          to="/mail-link"
          className="self-center py-1 text-ink-3 underline underline-offset-2 hover:text-ink"
        >
          {t('signin.mail_link')}
        </Link>
      ) : null}
    </div>
  );
}
