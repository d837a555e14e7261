import { ai, type Vendor, type VendorFacts } from '@core/ai.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Field, Icon, Input, useToast } from '@ui';
import { type KeyboardEvent, useState } from 'react';
import { Confirm } from '../shell/confirm.tsx';
import { problemText, useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { useSending } from '../state/sending.tsx';
import { aiKey } from './state.ts';
import { failures } from './vendor.ts';

/** A vendor's key: written, replaced, deleted, and never shown again. */
export function KeyField({ facts, name }: { facts: VendorFacts; name: string }) {
  const { t } = useText();
  const may = useCan('workspace.write');
  const client = useQueryClient();
  const say = useToast();
  const { busy, send, at, rest } = useSending('key');
  const [key, setKey] = useState('');
  const [removing, setRemoving] = useState(false);
  const again = () => client.invalidateQueries({ queryKey: aiKey.state });
  const keep = () =>
    void send(async () => {
      await ai.putKey(facts.name, key.trim());
      setKey('');
      await again();
      say(t('agent.key.kept', { vendor: name }));
    });
  const hear = (e: KeyboardEvent) => {
    if (e.key !== 'Enter' || !key.trim()) return;
    e.preventDefault();
    keep();
  };
  const state =
    facts.key === 'own'
      ? t('agent.key.own_text', { hint: facts.hint })
      : facts.key === 'install'
        ? t('agent.key.install_text')
        : facts.name === 'compatible'
          ? t('agent.key.maybe_text')
          : t('agent.key.none_text');
  return (
    <div className="flex flex-wrap items-end gap-2">
      <Field
        label={t('agent.key.label', { vendor: name })}
        hint={`${state} ${t('agent.key.sealed')}`}
        error={at('key') ?? (rest || undefined)}
        className="min-w-60 flex-1"
      >
        <span className="flex flex-wrap gap-2">
          <Input
            type="password"
            dir="ltr"
            value={key}
            maxLength={500}
            autoComplete="off"
            spellCheck={false}
            aria-label={t('agent.key.label', { vendor: name })}
            placeholder={facts.key === 'own' ? `•••• ${facts.hint}` : ''}
            onKeyDown={hear}
            onChange={(e) => setKey(e.target.value)}
            className="min-w-40 flex-1"
          />
          <Button icon="key" busy={busy} disabled={!key.trim()} onClick={keep}>
            {facts.key === 'own' ? t('agent.key.replace') : t('agent.key.keep')}
          </Button>
          {facts.key === 'own' && may ? (
            <Button kind="danger" icon="trash" onClick={() => setRemoving(true)}>
              {t('app.delete')}
            </Button>
          ) : null}
        </span>
      </Field>
      {removing ? (
        <Confirm
          title={t('agent.key.delete_title', { vendor: name })}
          text={t('agent.key.delete_text')}
          action={t('app.delete')}
          onClose={() => setRemoving(false)}
          onRun={async () => {
            await ai.dropKey(facts.name);
            await again();
          }}
        />
      ) : null}
    </div>
  );
}

/** Asks the vendor's model for one word, and shows the vendor's own words. */
export function TestButton({ vendor, model }: { vendor: Vendor; model: string }) {
  const { t, format } = useText();
  const test = useMutation({ mutationFn: () => ai.test(vendor, model) });
  const d = test.data;
  return (
    <>
      <Button
        icon="bolt"
        className="mt-6"
        busy={test.isPending}
        disabled={!model}
        onClick={() => test.mutate()}
      >
        {t('agent.test.run')}
      </Button>
      <div aria-live="polite" className="w-full empty:hidden">
        {test.error ? (
          <p className="flex gap-1.5 text-bad">
            <Icon name="alert" className="mt-0.5" />
            {problemText(t, test.error)}
          </p>
        ) : null}
        {d?.ok ? (
          <p className="flex gap-1.5 text-ok">
            <Icon name="check" className="mt-0.5" />
            {t('agent.test.ok', { model: d.model || model, ms: format.number(Math.round(d.ms)) })}
          </p>
        ) : null}
        {d && !d.ok ? (
          <div className="rounded-medium border border-bad/25 bg-bad-soft px-3 py-2 text-bad">
            <p className="flex gap-1.5 font-medium">
              <Icon name="alert" className="mt-0.5" />
              {failText(d.reason, t)}
            </p>
            {d.words ? (
              <>
                <p className="mt-1 text-meta">{t('agent.test.words')}</p>
                <blockquote
                  dir="auto"
                  className="border-s-2 border-bad/40 ps-2.5 text-start break-words text-ink"
                >
                  {d.words}
                </blockquote>
              </>
            ) : null}
          </div>
        ) : null}
      </div>
    </>
  );
}

export function failText(reason: string, t: ReturnType<typeof useText>['t']): string {
  const known = failures.find((f) => f === reason);
  return known ? t(`agent.fail.${known}`) : reason;
}
