import { session } from '@core/api.ts';
import { type ConsentWish, consents, type PastConsent } from '@core/mine.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Banner, Button, Card, CardBody, Switch, useToast } from '@ui';
import { useState } from 'react';
import { Answered } from '../shell/page.tsx';
import { useDesk, useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';

/** What one may allow beyond what the account needs: one switch gives it and takes it back. */
export default function Consents() {
  const { t, language } = useText();
  const client = useQueryClient();
  const attempt = useTry();
  const query = useQuery({
    queryKey: ['consents', language],
    queryFn: ({ signal }) => consents.list({ signal }),
    staleTime: 0,
  });
  const [busy, setBusy] = useState(false);
  const set = async (w: ConsentWish, allowed: boolean) => {
    setBusy(true);
    await attempt(() => consents.set(w, allowed));
    await client.invalidateQueries({ queryKey: ['consents'] });
    setBusy(false);
  };
  const unconfirmed = !useDesk().me.member.verified;
  return (
    <Answered query={query}>
      <Card title={t('mine.consents')} text={t('mine.consents_text')}>
        <CardBody>
          {unconfirmed ? <Unconfirmed /> : null}
          {query.data?.wishes.map((w) => (
            <Switch
              key={w.purpose}
              label={t(`mine.wish_${w.purpose as 'news'}`)}
              hint={w.text}
              on={w.allowed}
              disabled={busy || (unconfirmed && !w.allowed)}
              onChange={(allowed) => void set(w, allowed)}
            />
          ))}
          <Past all={query.data?.history ?? []} />
        </CardBody>
      </Card>
    </Answered>
  );
}

/** Mail is allowed for an address that is one's own, so that comes first. */
function Unconfirmed() {
  const { t } = useText();
  const { me } = useDesk();
  const say = useToast();
  const attempt = useTry();
  const ask = () =>
    void attempt(async () => {
      await session.verify();
      say(t('member.mailed', { email: me.member.email }));
    });
  return (
    <Banner
      icon="info"
      box
      action={
        <Button size="s" onClick={ask}>
          {t('mine.confirm')}
        </Button>
      }
    >
      {t('mine.unconfirmed')}
    </Banner>
  );
}

function Past({ all }: { all: PastConsent[] }) {
  const { t, format } = useText();
  if (!all.length) return null;
  return (
    <ul className="text-meta text-ink-3">
      {all.map((p) => (
        <li key={p.given_at}>
          {p.withdrawn_at
            ? t('mine.gave_and_took', { from: format.full(p.given_at), to: format.full(p.withdrawn_at) })
            : t('mine.gave', { from: format.full(p.given_at) })}
        </li>
      ))}
    </ul>
  );
}
