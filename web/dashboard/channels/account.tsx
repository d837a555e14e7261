import { channels } from '@core/api.ts';
import { key } from '@core/merge.ts';
import type { Channel, Mode, Page } from '@core/types.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Banner, Button, Card, CardBody, Chip, Field, patient, Select, Switch } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { PageFrame } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { useCan, useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Back } from './back.tsx';
import { ClearCard } from './clearcard.tsx';
import { ConnectDialog } from './connect.tsx';
import { Health } from './health.tsx';
import { KindMark, useKindName } from './kind.tsx';
import { channelTones } from './tones.ts';

const Leave = lazy(patient(() => import('./leave.tsx')));

/** An account of Instagram, Messenger or WhatsApp: how it is, what the AI may do there, and the way out. */
export function AccountPage({ channel: c }: { channel: Channel }) {
  const { t, format } = useText();
  const may = useCan('channel.write');
  const named = useKindName();
  const now = useNow();
  const gone = c.state === 'gone';
  // Held here and not by the banner, which leaves as soon as the account is back.
  const [connecting, setConnecting] = useState(false);
  const [clearing, setClearing] = useState(false);
  const reconnect = may ? (
    <Button kind="primary" icon="plug" onClick={() => setConnecting(true)}>
      {t('account.reconnect')}
    </Button>
  ) : null;
  const seen = c.last_event_at
    ? t('channel.last', { when: format.agoInWords(c.last_event_at, now) })
    : t('channel.never');
  return (
    <PageFrame
      title={c.name || named(c.kind)}
      before={<Back />}
      actions={<Chip tone={channelTones[c.state]}>{t(`channel.state.${c.state}`)}</Chip>}
    >
      <p className="mb-5 flex items-center gap-2.5 text-ink-3">
        <KindMark kind={c.kind} />
        {[named(c.kind), gone ? '' : seen].filter(Boolean).join(' · ')}
      </p>
      {c.state === 'reconnect_needed' ? (
        <Banner tone="bad" icon="alert" box className="mb-5 flex-wrap" action={reconnect}>
          {c.notice.text ? <strong className="block font-semibold">{c.notice.text}</strong> : null}
          {t('account.reconnect_text')}
        </Banner>
      ) : c.notice.text ? (
        <Banner
          tone={c.notice.level === 'bad' ? 'bad' : 'warn'}
          icon="alert"
          box
          className="mb-5 flex-wrap"
          action={c.notice.code.startsWith('token_') ? reconnect : null}
        >
          {c.notice.text}
        </Banner>
      ) : null}
      {gone ? (
        <Banner box action={reconnect}>
          {t('account.gone_text')}
        </Banner>
      ) : (
        <>
          <Steering channel={c} may={may} />
          <Health key={c.state} id={c.id} />
          <About channel={c} />
        </>
      )}
      <ClearCard channel={c} asking={clearing} onAsking={setClearing} />
      {may ? <Leaving channel={c} /> : null}
      {connecting ? <ConnectDialog kind={c.kind} onClose={() => setConnecting(false)} /> : null}
    </PageFrame>
  );
}

function Steering({ channel: c, may }: { channel: Channel; may: boolean }) {
  const { t } = useText();
  const client = useQueryClient();
  const attempt = useTry();
  const [busy, setBusy] = useState(false);
  const change = async (part: { mode?: '' | Mode; paused?: boolean }) => {
    setBusy(true);
    const next = await attempt(() => channels.change(c.id, part));
    setBusy(false);
    if (!next) return;
    client.setQueryData<Channel>([...key.channels, c.id], next);
    client.setQueryData<Page<Channel>>(key.channels, (old) =>
      old ? { ...old, items: old.items.map((x) => (x.id === next.id ? next : x)) } : old,
    );
  };
  return (
    <Card title={t('account.ai')}>
      <CardBody>
        <Field label={t('channel.mode')} hint={t('channel.mode_text')}>
          <Select
            value={c.mode}
            disabled={!may}
            aria-busy={busy || undefined}
            onChange={(e) => void change({ mode: e.target.value as '' | Mode })}
          >
            <option value="">{t('channel.mode_workspace')}</option>
            <option value="off">{t('mode.off')}</option>
            <option value="draft">{t('mode.draft')}</option>
            <option value="autopilot">{t('mode.autopilot')}</option>
          </Select>
        </Field>
        <Switch
          label={t('account.pause')}
          hint={t('account.pause_text')}
          on={c.paused}
          disabled={!may}
          onChange={(paused) => void change({ paused })}
        />
      </CardBody>
    </Card>
  );
}

/** Disconnecting. It stays on the page afterwards to say what was done. */
function Leaving({ channel: c }: { channel: Channel }) {
  const { t } = useText();
  const [asking, setAsking] = useState(false);
  return (
    <>
      {c.state === 'gone' ? null : (
        <Card
          title={t('account.disconnect')}
          text={t('account.disconnect_text')}
          action={
            <Button kind="danger" icon="plug" onClick={() => setAsking(true)}>
              {t('account.disconnect')}
            </Button>
          }
        />
      )}
      {asking ? (
        <Suspense>
          <Leave channel={c} onClose={() => setAsking(false)} />
        </Suspense>
      ) : null}
    </>
  );
}

/** The business metadata that the provider tells, gone when it is disconnected. */
function About({ channel: c }: { channel: Channel }) {
  const { t, format } = useText();
  const d = c.details;
  if (!d) return null;
  const rows: [string, string][] = [
    [t('fact.display_name'), d.display_name],
    [t('fact.username'), d.username && `@${d.username}`],
    [t('fact.verified_name'), d.verified_name],
    [t('fact.phone'), d.phone],
    [t('fact.phone_verified'), d.phone_verified],
    [t('fact.quality'), d.quality],
    [t('fact.account_type'), d.account_type],
    [t('fact.category'), d.category],
    [t('fact.followers'), d.followers ? format.number(d.followers) : ''],
    [t('fact.page_id'), d.page_id],
    [t('fact.instagram_id'), d.instagram_id],
    [t('fact.business_id'), d.business_id],
    [t('fact.waba_id'), d.waba_id],
    [t('fact.phone_number_id'), d.phone_number_id],
    [t('fact.connected_at'), c.connected_at ? format.full(c.connected_at) : ''],
    [t('fact.checked_at'), d.checked_at ? format.full(d.checked_at) : ''],
  ];
  return (
    <Card title={t('account.about')}>
      <dl className="grid grid-cols-[minmax(110px,auto)_minmax(0,1fr)] gap-x-4 gap-y-1.5 px-[18px] pt-2 pb-[18px]">
        {rows
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-ink-3">{name}</dt>
              <dd dir="auto" className="align-page break-words">
                {value}
              </dd>
            </div>
          ))}
      </dl>
    </Card>
  );
}
