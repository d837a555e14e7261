import type { Certificate } from '@core/types.ts';
import { Button } from '@ui';
import type { ReactNode } from 'react';
import { useText } from '../state/i18n.ts';

/** Names and numbers, one beside the other. */
export function Facts({ rows }: { rows: [string, ReactNode][] }) {
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

/** What a disconnection deleted, kept and leaves, in words. */
export function CertificateView({ c }: { c: Certificate }) {
  const { t } = useText();
  const parts = [
    [t('cert.deleted'), (c.deleted ?? []).map((d) => d.words)],
    [t('cert.kept'), (c.kept ?? []).map((k) => k.words)],
    [t('cert.remains'), c.remains ?? []],
  ] as const;
  return parts.map(([title, lines]) =>
    lines.length ? (
      <section key={title}>
        <h3 className="font-semibold">{title}</h3>
        <ul className="list-disc ps-5 text-ink-2">
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </section>
    ) : null,
  );
}

/** Saves a signed document, by which anybody with the install's key checks it. */
export function SaveProof({ number, proof }: { number: string | number; proof: unknown }) {
  const { t } = useText();
  if (!proof) return null;
  const save = () => {
    const url = URL.createObjectURL(new Blob([JSON.stringify(proof, null, 2)], { type: 'application/json' }));
    const a = document.createElement('a');
    a.href = url;
    a.download = `parley-certificate-${number}.json`;
    a.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  };
  return (
    <Button icon="file" onClick={save}>
      {t('cert.save')}
    </Button>
  );
}
