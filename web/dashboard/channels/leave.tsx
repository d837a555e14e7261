import { channels } from '@core/api.ts';
import { key } from '@core/merge.ts';
import type { Certificate, Channel } from '@core/types.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Dialog } from '@ui';
import { useId, useState } from 'react';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { CertificateView, SaveProof } from './certificate.tsx';
import { useKindName } from './kind.tsx';

type History = NonNullable<Certificate['history']>;

/** Asks what becomes of the conversations, disconnects, and shows what was done. */
export default function Leave({ channel: c, onClose }: { channel: Channel; onClose: () => void }) {
  const [done, setDone] = useState<Certificate | null>(null);
  return done ? <Left certificate={done} /> : <Question channel={c} onClose={onClose} onDone={setDone} />;
}

function Question({
  channel: c,
  onClose,
  onDone,
}: {
  channel: Channel;
  onClose: () => void;
  onDone: (certificate: Certificate) => void;
}) {
  const { t } = useText();
  const named = useKindName();
  const client = useQueryClient();
  const mayErase = useCan('contact.erase');
  const { busy, send, rest } = useSending();
  const [history, setHistory] = useState<History>('keep');
  // The name goes with the account; the question keeps it to its end.
  const [name] = useState(c.name || named(c.kind));
  const run = async () => {
    const certificate = await send(() => channels.disconnect(c.id, history));
    if (!certificate) return;
    onDone(certificate);
    await client.invalidateQueries({ queryKey: key.channels });
  };
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
      <div className="flex flex-col gap-4">
        <section>
          <h3 className="font-semibold">{t('account.goes')}</h3>
          <p className="text-ink-2">{t('account.goes_text')}</p>
        </section>
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1.5 font-semibold">{t('account.history')}</legend>
          <Way
            value="keep"
            at={history}
            onPick={setHistory}
            title={t('account.keep')}
            text={t('account.keep_text')}
          />
          {mayErase ? (
            <Way
              value="delete"
              at={history}
              onPick={setHistory}
              title={t('account.wipe')}
              text={t('account.wipe_text')}
            />
          ) : null}
        </fieldset>
        <Refused text={rest} />
      </div>
    </Dialog>
  );
}

function Way({
  value,
  at,
  onPick,
  title,
  text,
}: {
  value: History;
  at: History;
  onPick: (value: History) => void;
  title: string;
  text: string;
}) {
  const id = useId();
  return (
    <label
      htmlFor={id}
      className="flex cursor-pointer items-start gap-2.5 rounded-medium border border-line px-3 py-2.5 has-checked:border-brand has-checked:bg-brand-soft"
    >
      <input
        id={id}
        type="radio"
        name="history"
        value={value}
        checked={at === value}
        onChange={() => onPick(value)}
        aria-describedby={`${id}-text`}
        className="mt-0.5 size-4 flex-none accent-brand phone:size-5"
      />
      <span className="min-w-0">
        <span className="block font-medium">{title}</span>
        <span id={`${id}-text`} className="block text-ink-2">
          {text}
        </span>
      </span>
    </label>
  );
}

function Left({ certificate: c }: { certificate: Certificate }) {
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
        <>
          <SaveProof number={c.id} proof={c.proof} />
          <Button kind="primary" onClick={leave}>
            {t('app.done')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <p className="text-ink-2">{c.unsubscribed ? t('account.told') : t('account.untold')}</p>
        {c.state === 'working' ? <p className="text-ink-2">{t('account.deleting')}</p> : null}
        <CertificateView c={c} />
      </div>
    </Dialog>
  );
}
