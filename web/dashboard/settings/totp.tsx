import { factors } from '@core/factors.ts';
import { qr, qrPath } from '@core/qr.ts';
import type { NewTotp, Schemas } from '@core/types.ts';
import { useQuery } from '@tanstack/react-query';
import { Button, Dialog, ErrorState, Field, Input, Spinner, useToast } from '@ui';
import { type FormEvent, useId, useMemo } from 'react';
import { CodeField } from '../proof/code.tsx';
import { SaveOrLeave } from '../shell/save.tsx';
import { problemText } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { useAdded } from './added.tsx';

/** Adds an authenticator app: a picture to scan, and a code to show that it was. */
export default function AddTotp({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const { shown, added } = useAdded(onClose);
  return (
    shown ?? (
      <Dialog open onClose={onClose} title={t('factor.add_totp')} closeLabel={t('app.close')}>
        <TotpForm onAdded={added} onLeave={onClose} />
      </Dialog>
    )
  );
}

export function TotpForm({
  onAdded,
  onLeave,
}: {
  onAdded: (added: Schemas['AddedFactor']) => void;
  onLeave: () => void;
}) {
  const { t } = useText();
  const id = useId();
  // Each opening is a secret of its own, kept by nobody until a code confirms it.
  const begun = useQuery({
    queryKey: ['totp', id],
    queryFn: () => factors.beginTotp(),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
  const { busy, send, at, rest } = useSending('code', 'name');
  if (begun.error) {
    return (
      <ErrorState title={t('error.title')} text={problemText(t, begun.error)}>
        <Button icon="refresh" onClick={() => void begun.refetch()}>
          {t('app.again')}
        </Button>
      </ErrorState>
    );
  }
  if (!begun.data) {
    return (
      <div className="grid h-40 place-items-center">
        <Spinner label={t('app.loading')} />
      </div>
    );
  }
  const { data } = begun;
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    void send(async () => {
      const code = String(form.get('code') ?? '').replace(/\s/g, '');
      onAdded(await factors.confirmTotp(data, String(form.get('name') ?? '').trim(), code));
    });
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      <Secret data={data} />
      <CodeField label={t('factor.confirm')} error={at('code')} />
      <Field label={t('factor.name')} hint={t('factor.name_hint')} error={at('name')}>
        <Input
          name="name"
          required
          maxLength={60}
          defaultValue={t('factor.app_name')}
          dir="auto"
          autoComplete="off"
          className="max-w-60"
        />
      </Field>
      <Refused text={rest} />
      <SaveOrLeave busy={busy} label={t('factor.add_totp')} onLeave={onLeave} />
    </form>
  );
}

/** The secret as a picture, and in letters for who cannot scan. */
function Secret({ data }: { data: NewTotp }) {
  const { t } = useText();
  const say = useToast();
  const modules = useMemo(() => qr(data.url), [data.url]);
  const size = modules.length + 8; // four light modules on every side, as the standard asks
  const copy = () =>
    void navigator.clipboard.writeText(data.secret).then(
      () => say(t('app.copied')),
      () => say(t('app.copy_failed'), { bad: true }),
    );
  return (
    <>
      <div>
        <p className="font-medium">{t('factor.scan')}</p>
        <p className="text-ink-3">{t('factor.scan_text')}</p>
      </div>
      <svg
        role="img"
        aria-label={t('factor.picture')}
        viewBox={`-4 -4 ${size} ${size}`}
        shapeRendering="crispEdges"
        className="mx-auto size-52 rounded-medium"
      >
        {/* Dark on light in both themes: a camera reads it only so. */}
        <rect x={-4} y={-4} width={size} height={size} fill="#fff" />
        <path d={qrPath(modules)} fill="#000" />
      </svg>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="text-ink-3">{t('factor.by_hand')}</span>
        <code dir="ltr" className="font-mono break-all select-all">
          {data.secret.replace(/(.{4})(?=.)/g, '$1 ')}
        </code>
        <Button size="s" icon="copy" onClick={copy}>
          {t('factor.copy')}
        </Button>
      </div>
    </>
  );
}
