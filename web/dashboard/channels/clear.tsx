import { channels } from '@core/api.ts';
import { key } from '@core/merge.ts';
import type { Certificate, Channel, Clearing } from '@core/types.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Banner, Button, Dialog, ErrorState, Progress, Skeleton } from '@ui';
import { useEffect, useId, useRef, useState } from 'react';
import { problemText } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { CertificateView, Facts, SaveProof } from './certificate.tsx';
import { useClearing } from './clearcard.tsx';

const tables = ['conversations', 'messages', 'files', 'drafts', 'ai_runs', 'ai_logs', 'people'] as const;

/** Shows what deleting all conversations of a channel removes, asks, and follows it to its end. */
export default function ClearDialog({
  channel: c,
  name,
  onClose,
}: {
  channel: Channel;
  name: string;
  onClose: () => void;
}) {
  const { t } = useText();
  const client = useQueryClient();
  const now = useClearing(c.id);
  const [begun, setBegun] = useState(false);
  const { busy, send, rest } = useSending();
  const run = async (confirm?: string) => {
    const state = await send(() => channels.clear(c.id, confirm));
    if (!state) return;
    client.setQueryData<Clearing>([...key.channels, c.id, 'clearing'], state);
    setBegun(true);
  };
  const last = now.data?.certificate;
  if (begun && now.data?.state === 'done' && last) return <Proof certificate={last} onClose={onClose} />;
  const working = now.data?.state === 'working' ? now.data : null;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(working ? 'clear.working' : 'clear.title', { name })}
      text={working ? undefined : t('clear.text')}
      closeLabel={t('app.close')}
    >
      {working ? (
        <Working state={working} onSeen={() => setBegun(true)} onClose={onClose} />
      ) : (
        <Preview
          id={c.id}
          busy={busy}
          refused={rest}
          onCancel={onClose}
          onRun={(confirm) => void run(confirm)}
        />
      )}
    </Dialog>
  );
}

function Preview({
  id,
  busy,
  refused,
  onCancel,
  onRun,
}: {
  id: string;
  busy: boolean;
  refused: string;
  onCancel: () => void;
  onRun: (confirm?: string) => void;
}) {
  const { t } = useText();
  const preview = useQuery({
    queryKey: ['clearing', id],
    queryFn: () => channels.clear(id),
    gcTime: 0,
    retry: false,
  });
  const again = () => void preview.refetch();
  if (preview.data)
    return (
      <Ask
        preview={preview.data}
        busy={busy}
        refused={refused}
        onAgain={again}
        onCancel={onCancel}
        onRun={() => onRun(preview.data.confirm)}
      />
    );
  if (preview.error)
    return (
      <ErrorState title={t('error.title')} text={problemText(t, preview.error)}>
        <Button icon="refresh" onClick={again}>
          {t('app.again')}
        </Button>
      </ErrorState>
    );
  return (
    <div role="status" className="flex flex-col gap-2 py-2">
      <span className="sr-only">{t('app.loading')}</span>
      <Skeleton className="h-3.5 w-2/3" />
      <Skeleton className="h-3.5 w-1/2" />
      <Skeleton className="h-3.5 w-3/5" />
    </div>
  );
}

function Ask({
  preview,
  busy,
  refused,
  onAgain,
  onCancel,
  onRun,
}: {
  preview: Clearing;
  busy: boolean;
  refused: string;
  onAgain: () => void;
  onCancel: () => void;
  onRun: () => void;
}) {
  const { t, format } = useText();
  const [sure, setSure] = useState(false);
  const id = useId();
  const box = useRef<HTMLInputElement>(null);
  // The dialog opened before there was anything to choose.
  useEffect(() => box.current?.focus(), []);
  const nothing = tables.every((name) => preview.goes[name] === 0);
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(e) => {
        e.preventDefault();
        if (sure) onRun();
      }}
    >
      {preview.held.conversations || preview.held.people ? (
        <Banner tone="warn" icon="lock" box>
          {t('clear.held', {
            people: format.number(preview.held.people),
            conversations: format.number(preview.held.conversations),
          })}
        </Banner>
      ) : null}
      {nothing ? (
        <p className="text-ink-2">{t('clear.nothing')}</p>
      ) : (
        <>
          <Facts rows={tables.map((name) => [t(`clear.${name}`), format.number(preview.goes[name])])} />
          <div className="flex items-start gap-2.5">
            <input
              ref={box}
              id={id}
              type="checkbox"
              checked={sure}
              onChange={(e) => setSure(e.target.checked)}
              className="mt-0.5 size-4 flex-none accent-bad phone:size-5"
            />
            <label htmlFor={id}>{t('erase.sure')}</label>
          </div>
        </>
      )}
      <Refused text={refused} />
      <div className="flex flex-wrap justify-end gap-2">
        {refused ? (
          <Button icon="refresh" onClick={onAgain}>
            {t('erase.again')}
          </Button>
        ) : null}
        <Button kind="ghost" onClick={onCancel}>
          {t(nothing ? 'app.close' : 'app.cancel')}
        </Button>
        {nothing ? null : (
          <Button kind="danger" type="submit" icon="trash" busy={busy} disabled={!sure}>
            {t('clear.run')}
          </Button>
        )}
      </div>
    </form>
  );
}

function Working({
  state: s,
  onSeen,
  onClose,
}: {
  state: Clearing;
  /** Its end is shown, too, to who opened this while it went on. */
  onSeen: () => void;
  onClose: () => void;
}) {
  const { t } = useText();
  // biome-ignore lint/correctness/useExhaustiveDependencies: once
  useEffect(onSeen, []);
  return (
    <div className="flex flex-col gap-4">
      <Going state={s} />
      <p className="text-ink-2">{t('clear.leave')}</p>
      <div className="flex justify-end">
        <Button onClick={onClose}>{t('app.close')}</Button>
      </div>
    </div>
  );
}

/** How many conversations are gone already. */
export function Going({ state: s }: { state: Clearing }) {
  const { t, format } = useText();
  const text = t('clear.going', { done: format.number(s.done), all: format.number(s.goes.conversations) });
  return (
    <div className="flex flex-col gap-1.5">
      <p role="status" className="num">
        {text}
      </p>
      <Progress label={text} part={s.goes.conversations ? Math.min(1, s.done / s.goes.conversations) : 0} />
    </div>
  );
}

function Proof({ certificate: c, onClose }: { certificate: Certificate; onClose: () => void }) {
  const { t } = useText();
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('clear.done')}
      text={t('clear.done_text')}
      closeLabel={t('app.close')}
      reading
      actions={
        <>
          <SaveProof number={c.no ?? c.id} proof={c.proof} />
          <Button kind="primary" onClick={onClose}>
            {t('app.done')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <CertificateView c={c} />
      </div>
    </Dialog>
  );
}
