import { contacts, conversations } from '@core/api.ts';
import type { Erasure } from '@core/types.ts';
import { useQuery } from '@tanstack/react-query';
import { Button, Dialog, ErrorState, Skeleton, useToast } from '@ui';
import { useEffect, useId, useRef, useState } from 'react';
import { Facts, SaveProof } from '../channels/certificate.tsx';
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

function useCounted() {
  const { t, format } = useText();
  // How channels know a person stays with the person.
  return (e: Erasure, talk: boolean): [string, string][] =>
    tables
      .filter((name) => !talk || name !== 'identities')
      .map((name) => [t(`erase.${name}`), format.number(e.counts[name])]);
}

/** What is done: a person is erased or made nameless, or one conversation deleted. */
type Way = 'erase' | 'nameless' | 'delete';

/** Shows what an erasure removes, asks, erases, and hands over the proof. */
export default function EraseDialog({
  contact,
  talk = '',
  nameless = false,
  onErased,
  onClose,
}: {
  contact: { id: string; name: string };
  /** One conversation of theirs: it is deleted, and they stay. */
  talk?: string | undefined;
  /** They are erased like any, and the sums of days stay what they were. */
  nameless?: boolean;
  /** Leaves what is gone, before it is forgotten. */
  onErased: () => Promise<unknown>;
  onClose: () => void;
}) {
  const { t } = useText();
  const { live } = useDesk();
  const [done, setDone] = useState<Erasure | null>(null);
  const way: Way = talk ? 'delete' : nameless ? 'nameless' : 'erase';
  const ask = (confirm?: string) => {
    if (talk) return conversations.remove(talk, confirm);
    return nameless ? contacts.anonymise(contact.id, confirm) : contacts.erase(contact.id, confirm);
  };
  const preview = useQuery({
    queryKey: ['erase', contact.id, talk, nameless],
    queryFn: () => ask(),
    enabled: !done,
    gcTime: 0,
    retry: false,
  });
  const { busy, send, rest } = useSending();
  const run = async () => {
    const proof = await send(() => ask(preview.data?.confirm));
    if (!proof) return;
    setDone(proof);
    await onErased();
    if (talk) live.forgetTalk(talk);
    else live.forget(contact.id);
  };
  if (done) return <Proof erasure={done} way={way} onClose={onClose} />;
  const name = contact.name || t('contact.visitor');
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(`${way}.title`, { name })}
      text={t(`${way}.text`)}
      closeLabel={t('app.close')}
    >
      {preview.data ? (
        <Ask
          preview={preview.data}
          way={way}
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
  way,
  busy,
  refused,
  onAgain,
  onCancel,
  onRun,
}: {
  preview: Erasure;
  way: Way;
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
        <Facts rows={counted(preview, way === 'delete')} />
      </section>
      {way === 'nameless' ? (
        <section>
          <h3 className="text-meta font-semibold">{t('nameless.stays')}</h3>
          <p className="text-ink-2">{t('nameless.stays_text')}</p>
        </section>
      ) : null}
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
          {t(`${way}.run`)}
        </Button>
      </div>
    </form>
  );
}

/** What was done, in words that name nobody: fit for a file of requests. */
function Proof({ erasure: e, way, onClose }: { erasure: Erasure; way: Way; onClose: () => void }) {
  const { t, format } = useText();
  const { me } = useDesk();
  const say = useToast();
  const counted = useCounted();
  const title = t(`${way}.done`);
  const rows = counted(e, way === 'delete');
  const act: [string, string][] = [
    [t('erase.no'), String(e.no ?? '')],
    [t('erase.at'), e.at ? format.full(e.at) : ''],
    [t('erase.by'), me.member.name],
  ];
  if (way === 'nameless') act.push([t('nameless.kept'), format.number(e.kept ?? 0)]);
  const copy = () => {
    const text = [...act, ...rows].map(([name, value]) => `${name}: ${value}`).join('\n');
    void navigator.clipboard.writeText(`${title}\n${text}\n`).then(
      () => say(t('app.copied')),
      () => say(t('app.copy_failed'), { bad: true }),
    );
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      text={t(`${way}.done_text`)}
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
      <Facts rows={rows} />
    </Dialog>
  );
}
