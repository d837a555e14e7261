import { channels } from '@core/api.ts';
import { key } from '@core/merge.ts';
import type { Channel, ChannelGone, Mode, Page } from '@core/types.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Banner, Button, Card, CardBody, Chip, Dialog, Field, Select, Switch } from '@ui';
import { useState } from 'react';
import { PageFrame } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { useCan, useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { Back } from './back.tsx';
import { ConnectDialog } from './connect.tsx';
import { Health } from './health.tsx';
import { KindMark, useKindName } from './kind.tsx';
import { channelTones } from './tones.ts';

/** An account of Instagram, Messenger or WhatsApp: how it is, what the AI may do there, and the way out. */
export function AccountPage({ channel: c }: { channel: Channel }) {
  const { t, format } = useText();
  const may = useCan('channel.write');
  const named = useKindName();
  const now = useNow();
  const gone = c.state === 'gone';
  // Held here and not by the banner, which leaves as soon as the account is back.
  const [connecting, setConnecting] = useState(false);
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
          {t('account.reconnect_text')}
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
        </>
      )}
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
  const [done, setDone] = useState<ChannelGone | null>(null);
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
      {done ? (
        <Gone gone={done} />
      ) : asking ? (
        <Disconnect channel={c} onClose={() => setAsking(false)} onDone={setDone} />
      ) : null}
    </>
  );
}

function Disconnect({
  channel: c,
  onClose,
  onDone,
}: {
  channel: Channel;
  onClose: () => void;
  onDone: (gone: ChannelGone) => void;
}) {
  const { t } = useText();
  const named = useKindName();
  const client = useQueryClient();
  const { busy, send, rest } = useSending();
  // The name goes with the account; the question keeps it to its end.
  const [name] = useState(c.name || named(c.kind));
  const run = async () => {
    const gone = await send(() => channels.disconnect(c.id));
    if (!gone) return;
    onDone(gone);
    await client.invalidateQueries({ queryKey: key.channels });
  };
  const lists = [
    [t('account.goes'), [t('account.goes_delivery'), t('account.goes_secrets')]],
    [t('account.stays'), [t('account.stays_talks'), t('account.stays_again')]],
  ] as const;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('account.disconnect_title', { name })}
      closeLabel={t('app.close')}
      reading
      actions={
        <>
          <Button kind="ghost" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button kind="danger" busy={busy} onClick={() => void run()}>
            {t('account.disconnect')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {lists.map(([title, lines]) => (
          <section key={title}>
            <h3 className="font-semibold">{title}</h3>
            <ul className="list-disc ps-5 text-ink-2">
              {lines.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </section>
        ))}
        <Refused text={rest} />
      </div>
    </Dialog>
  );
}

function Gone({ gone }: { gone: ChannelGone }) {
  const { t } = useText();
  const navigate = useNavigate();
  const leave = () => void navigate({ to: '/channels/{-$id}', params: { id: undefined }, replace: true });
  return (
    <Dialog
      open
      onClose={leave}
      title={t('account.gone')}
      closeLabel={t('app.close')}
      reading
      actions={
        <Button kind="primary" onClick={leave}>
          {t('app.done')}
        </Button>
      }
    >
      <ul className="flex list-disc flex-col gap-1 ps-5">
        <li>{gone.unsubscribed ? t('account.gone_told') : t('account.gone_untold')}</li>
        <li>{t('account.gone_secrets', { count: gone.secrets })}</li>
        <li>{t('account.gone_text')}</li>
      </ul>
    </Dialog>
  );
}
