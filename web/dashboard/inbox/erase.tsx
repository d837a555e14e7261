import { contacts } from '@core/api.ts';
import type { Erasure } from '@core/types.ts';
import { useQuery } from '@tanstack/react-query';
import { Button, Dialog, ErrorState, Skeleton, useToast } from '@ui';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { SaveProof } from '../channels/certificate.tsx';
import { problemText, useDesk } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';

const tables = [
  'conversations',
  'messages',
  'drafts',
  'identities',
  'ai_runs',
  'visits',
  'files',
  'unanswered_questions',
  'phrasings',
] as const;

function Facts({ rows }: { rows: [string, ReactNode][] }) {
  return (
    <dl className="rounded-medium border border-line">
      {rows.map(([name, value]) => (
        <div
          key={name}
          className="flex items-baseline justify-between gap-4 border-t border-line px-3 py-1.5 first:border-0"
        >
          <dt className="text-ink-2">{name}</dt>
          <dd className="num font-semibold">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function useCounted() {
  const { t, format } = useText();
  return (e: Erasure): [string, string][] =>
    tables.map((name) => [t(`erase.${name}`), format.number(e.counts[name])]);
}

/** Shows what an erasure removes, asks, erases, and hands over the proof. */
export default function EraseDialog({
  contact,
  onErased,
  onClose,
}: {
  contact: { id: string; name: string };
  /** Leaves what is gone, before it is forgotten. */
  onErased: () => Promise<unknown>;
  onClose: () => void;
}) {
  const { t } = useText();
  const { live } = useDesk();
  const [done, setDone] = useState<Erasure | null>(null);
  const preview = useQuery({
    queryKey: ['erase', contact.id],
    queryFn: () => contacts.erase(contact.id),
    enabled: !done,
    gcTime: 0,
    retry: false,
  });
  const { busy, send, rest } = useSending();
  const run = async () => {
    const proof = await send(() => contacts.erase(contact.id, preview.data?.confirm));
    if (!proof) return;
    setDone(proof);
    await onErased();
    live.forget(contact.id);
  };
  if (done) return <Proof erasure={done} onClose={onClose} />;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('erase.title', { name: contact.name || t('contact.visitor') })}
      text={t('erase.text')}
      closeLabel={t('app.close')}
    >
      {preview.data ? (
        <Ask
          preview={preview.data}
          busy={busy}
          refused={rest}
          onAgain={() => void preview.refetch()}
          onCancel={onClose}
          onRun={() => void run()}
        />
      ) : preview.error ? (
        <ErrorState title={t('error.title')} text={problemText(t, preview.error)}>
          <Button icon="refresh" onClick={() => void preview.refetch()}>
            {t('app.again')}
          </Button>
        </ErrorState>
      ) : (
        <div role="status" className="flex flex-col gap-2 py-2">
          <span className="sr-only">{t('app.loading')}</span>
          <Skeleton className="h-3.5 w-2/3" />
          <Skeleton className="h-3.5 w-1/2" />
          <Skeleton className="h-3.5 w-3/5" />
        </div>
      )}
    </Dialog>
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
  preview: Erasure;
  busy: boolean;
  refused: string;
  onAgain: () => void;
  onCancel: () => void;
  onRun: () => void;
}) {
  const { t } = useText();
  const counted = useCounted();
  const [sure, setSure] = useState(false);
  const id = useId();
  const box = useRef<HTMLInputElement>(null);
  // The dialog opened before there was anything to choose.
  useEffect(() => box.current?.focus(), []);
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(e) => {
        e.preventDefault();
        if (sure) onRun();
      }}
    >
      <section className="flex flex-col gap-2">
        <h3 className="text-meta font-semibold">{t('erase.what')}</h3>
        <Facts rows={counted(preview)} />
      </section>
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
      <Refused text={refused} />
      <div className="flex flex-wrap justify-end gap-2">
        {refused ? (
          <Button icon="refresh" onClick={onAgain}>
            {t('erase.again')}
          </Button>
        ) : null}
        <Button kind="ghost" onClick={onCancel}>
          {t('app.cancel')}
        </Button>
        <Button kind="danger" type="submit" icon="trash" busy={busy} disabled={!sure}>
          {t('erase.run')}
        </Button>
      </div>
    </form>
  );
}

/** What was done, in words that name nobody: fit for a file of requests. */
function Proof({ erasure: e, onClose }: { erasure: Erasure; onClose: () => void }) {
  const { t, format } = useText();
  const { me } = useDesk();
  const say = useToast();
  const counted = useCounted();
  const act: [string, string][] = [
    [t('erase.no'), String(e.no ?? '')],
    [t('erase.at'), e.at ? format.full(e.at) : ''],
    [t('erase.by'), me.member.name],
  ];
  const copy = () => {
    const text = [...act, ...counted(e)].map(([name, value]) => `${name}: ${value}`).join('\n');
    void navigator.clipboard.writeText(`${t('erase.done')}\n${text}\n`).then(
      () => say(t('app.copied')),
      () => say(t('app.copy_failed'), { bad: true }),
    );
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('erase.done')}
      text={t('erase.done_text')}
      closeLabel={t('app.close')}
      actions={
        <>
          <SaveProof number={e.no ?? ''} proof={e.certificate} />
          <Button icon="copy" onClick={copy}>
            {t('app.copy')}
          </Button>
          <Button kind="primary" onClick={onClose}>
            {t('app.done')}
          </Button>
        </>
      }
      reading
    >
      <Facts rows={act} />
      <h3 className="mt-4 mb-2 text-meta font-semibold">{t('erase.removed')}</h3>
      <Facts rows={counted(e)} />
    </Dialog>
  );
}
