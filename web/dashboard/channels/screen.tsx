import { channels } from '@core/api.ts';
import { key } from '@core/merge.ts';
import type { Channel } from '@core/types.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Banner, Button, Card, Chip, Dialog, EmptyState, Field, Icon, Input } from '@ui';
import { type FormEvent, useState } from 'react';
import { Answered, PageFrame } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { useCan, useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';
import { ConnectButton } from './connect.tsx';
import { ChannelEditor } from './editor.tsx';
import { KindMark, useKindName } from './kind.tsx';
import { channelTones } from './tones.ts';

/** Where people can write from. */
export function ChannelsScreen() {
  const { id } = useParams({ from: '/desk/channels/{-$id}' });
  return (
    <main id="main" className="grid min-h-0 min-w-0">
      {id ? <ChannelEditor key={id} id={id} /> : <ChannelList />}
    </main>
  );
}

function ChannelList() {
  const { t } = useText();
  const may = useCan('channel.write');
  const [adding, setAdding] = useState(false);
  const query = useQuery(q.channels());
  const list = query.data?.items ?? [];
  const troubled = list.filter((c) => c.notice.level);
  const add = may ? (
    <>
      <ConnectButton />
      <Button icon="plus" onClick={() => setAdding(true)}>
        {t('channel.add')}
      </Button>
    </>
  ) : null;
  return (
    <PageFrame title={t('nav.channels')} actions={add}>
      <p className="mb-5 max-w-160 text-ink-3">{t('channel.text')}</p>
      {troubled.length ? (
        <Banner
          tone={troubled.some((c) => c.notice.level === 'bad') ? 'bad' : 'warn'}
          icon="alert"
          box
          className="mb-5"
        >
          {t('channel.look', { count: troubled.length })}
        </Banner>
      ) : null}
      <Answered query={query}>
        {list.length === 0 ? (
          <Card>
            <EmptyState icon="plug" title={t('channel.empty')} text={t('channel.empty_text')}>
              {add}
            </EmptyState>
          </Card>
        ) : (
          <ul className="grid gap-4 min-[700px]:grid-cols-2">
            {list.map((c) => (
              <li key={c.id}>
                <ChannelCard c={c} />
              </li>
            ))}
          </ul>
        )}
      </Answered>
      {adding ? <AddChannel onClose={() => setAdding(false)} /> : null}
    </PageFrame>
  );
}

/** Leads to its settings; a channel that is gone has none. */
export function ChannelCard({ c }: { c: Channel }) {
  const { t, format } = useText();
  const now = useNow();
  const website = c.kind === 'widget';
  const kind = useKindName()(c.kind);
  const look = 'flex h-full flex-col gap-3 rounded-large border border-line bg-surface p-[18px]';
  const domains = website ? (c.settings.domains?.length ?? 0) : 0;
  const facts = [
    c.last_event_at
      ? t('channel.last', { when: format.agoInWords(c.last_event_at, now) })
      : t('channel.never'),
    website ? (domains ? t('channel.domains_count', { count: domains }) : t('channel.no_domains')) : '',
  ];
  const inside = (
    <>
      <span className="flex items-center gap-2.5">
        <KindMark kind={c.kind} />
        <span className="min-w-0 flex-1">
          <span dir="auto" className="block truncate align-page font-semibold">
            {c.name || kind}
          </span>
          <span className="block text-ink-3">{kind}</span>
        </span>
        <Chip tone={channelTones[c.state]}>{t(`channel.state.${c.state}`)}</Chip>
      </span>
      <span className="text-ink-3">{facts.filter(Boolean).join(' · ')}</span>
      {c.notice.text ? (
        <span className={`flex items-start gap-1.5 ${c.notice.level === 'bad' ? 'text-bad' : 'text-warn'}`}>
          <Icon name="alert" size={14} className="mt-[3px] flex-none" />
          {c.notice.text}
        </span>
      ) : null}
    </>
  );
  if (c.state === 'gone') return <div className={look}>{inside}</div>;
  return (
    <Link to="/channels/{-$id}" params={{ id: c.id }} className={`${look} hover:border-line-2`}>
      {inside}
    </Link>
  );
}

function AddChannel({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const attempt = useTry();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    setBusy(true);
    const made = await attempt(() => channels.add(name.trim()));
    setBusy(false);
    if (!made) return;
    onClose();
    await client.invalidateQueries({ queryKey: key.channels });
    await navigate({ to: '/channels/{-$id}', params: { id: made.id } });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('channel.add')}
      text={t('channel.add_text')}
      closeLabel={t('app.close')}
    >
      <form className="flex flex-col gap-4" onSubmit={(e) => void submit(e)}>
        <Field label={t('channel.name')}>
          <Input value={name} required maxLength={100} dir="auto" onChange={(e) => setName(e.target.value)} />
        </Field>
        <div className="flex justify-end gap-2">
          <Button kind="ghost" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button kind="primary" type="submit" busy={busy}>
            {t('channel.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
