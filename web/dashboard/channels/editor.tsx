import { channels } from '@core/api.ts';
import { bestContrast, enough } from '@core/contrast.ts';
import { key } from '@core/merge.ts';
import { asProblem } from '@core/problem.ts';
import type { Channel, Page } from '@core/types.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useBlocker, useNavigate } from '@tanstack/react-router';
import { Banner, Button, Chip, useToast } from '@ui';
import { type FormEvent, useMemo, useState } from 'react';
import { Confirm } from '../shell/confirm.tsx';
import { Answered, PageFrame } from '../shell/page.tsx';
import { problemText, useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { AccountPage } from './account.tsx';
import { Back } from './back.tsx';
import { ClearCard } from './clearcard.tsx';
import { type Form, Forms, formOf, patchOf } from './form.tsx';
import { Preview } from './preview.tsx';
import { channelTones } from './tones.ts';

export function ChannelEditor({ id }: { id: string }) {
  const { t } = useText();
  const query = useQuery({
    queryKey: [...key.channels, id],
    queryFn: ({ signal }) => channels.get(id, { signal }),
  });
  if (query.data?.kind === 'widget') return <Editor key={query.data.id} channel={query.data} />;
  if (query.data) return <AccountPage channel={query.data} />;
  return (
    <PageFrame title={t('nav.channels')} before={<Back />}>
      <Answered query={query}>{null}</Answered>
    </PageFrame>
  );
}

function Editor({ channel }: { channel: Channel }) {
  const { t } = useText();
  const may = useCan('channel.write');
  const mayErase = useCan('contact.erase');
  const client = useQueryClient();
  const navigate = useNavigate();
  const say = useToast();
  const saved = useMemo(() => formOf(channel), [channel]);
  const [form, setForm] = useState<Form>(saved);
  const [version, setVersion] = useState(0);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [removing, setRemoving] = useState(false);
  const [clearing, setClearing] = useState(false);
  const dirty = JSON.stringify(form) !== JSON.stringify(saved);
  const readable = bestContrast(form.brand_colour) >= enough;
  useLeaveGuard(dirty && !busy, t('app.unsaved'));

  const save = async (e: FormEvent) => {
    e.preventDefault();
    if (!readable) return;
    setBusy(true);
    setProblem(null);
    try {
      const next = await channels.change(channel.id, patchOf(form));
      client.setQueryData<Channel>([...key.channels, channel.id], next);
      client.setQueryData<Page<Channel>>(key.channels, (old) =>
        old ? { ...old, items: old.items.map((c) => (c.id === next.id ? next : c)) } : old,
      );
      setForm(formOf(next));
      setVersion((v) => v + 1);
      say(t('app.saved'));
    } catch (err) {
      setProblem(err);
    } finally {
      setBusy(false);
    }
  };

  return (
    <PageFrame
      wide
      title={channel.name}
      before={<Back />}
      actions={
        <>
          <Chip tone={channelTones[channel.state]}>{t(`channel.state.${channel.state}`)}</Chip>
          {may ? (
            <>
              <Button kind="danger" icon="trash" onClick={() => setRemoving(true)}>
                {t('app.delete')}
              </Button>
              <Button kind="primary" type="submit" form="channel" busy={busy} disabled={!dirty || !readable}>
                {t('app.save')}
              </Button>
            </>
          ) : null}
        </>
      }
    >
      {problem ? (
        <Banner tone="bad" icon="alert" box className="mb-4" role="alert">
          {problemText(t, problem)}
        </Banner>
      ) : null}
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 min-[1024px]:grid-cols-[minmax(0,1fr)_360px]">
        <form id="channel" onSubmit={(e) => void save(e)}>
          <fieldset disabled={!may} className="min-w-0">
            <Forms
              channel={channel}
              form={form}
              onChange={(part) => setForm((old) => ({ ...old, ...part }))}
              readable={readable}
              fields={problem ? asProblem(problem).fields : {}}
            />
          </fieldset>
        </form>
        <Preview channel={channel} version={version} dirty={dirty} />
      </div>
      <ClearCard channel={channel} asking={clearing} onAsking={setClearing} />
      {removing ? (
        <Confirm
          title={t('channel.delete_title', { name: channel.name })}
          text={t('channel.delete_text')}
          action={t('app.delete')}
          onClose={() => setRemoving(false)}
          onRun={async () => {
            await channels.remove(channel.id);
            client.removeQueries({ queryKey: [...key.channels, channel.id] });
            await navigate({
              to: '/channels/{-$id}',
              params: { id: undefined },
              replace: true,
              ignoreBlocker: true,
            });
            await client.invalidateQueries({ queryKey: key.channels });
          }}
        >
          {mayErase ? (
            <Button
              icon="trash"
              onClick={() => {
                setRemoving(false);
                setClearing(true);
              }}
            >
              {t('clear.first')}
            </Button>
          ) : null}
        </Confirm>
      ) : null}
    </PageFrame>
  );
}

function useLeaveGuard(on: boolean, text: string): void {
  useBlocker({
    shouldBlockFn: () => on && !window.confirm(text),
    enableBeforeUnload: () => on,
  });
}
