import { channels } from '@core/api.ts';
import type { ChannelKind, ChannelScope, ChannelWay, Offer } from '@core/types.ts';
import { Button, Chip, Field, Input, Select } from '@ui';
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';

const ways = {
  facebook: 'connect.way_facebook',
  instagram: 'connect.way_instagram',
  whatsapp: 'connect.way_whatsapp',
  token: 'connect.way_token',
} as const;

/** What a channel asks for and why, before anybody signs in anywhere. */
export function Ask({
  kind,
  onOffer,
  onBack,
}: {
  kind: ChannelKind;
  onOffer: (offer: Offer) => void;
  onBack?: () => void;
}) {
  const { t } = useText();
  const all = kind.ways ?? [];
  const [id, setID] = useState(all[0]?.id ?? '');
  const [read, setRead] = useState(false);
  const [given, setGiven] = useState<Record<string, string>>({});
  const { busy, send, rest } = useSending();
  const [leaving, setLeaving] = useState(false);
  const first = useRef<HTMLDivElement>(null);
  // The button that was pressed is gone: the keyboard goes on in what took its place.
  useEffect(() => first.current?.querySelector<HTMLElement>('select')?.focus(), []);
  // Back from the provider by the browser's own button: the page is as it was left.
  useEffect(() => {
    const shown = () => setLeaving(false);
    window.addEventListener('pageshow', shown);
    return () => window.removeEventListener('pageshow', shown);
  }, []);
  const way = all.find((w) => w.id === id);
  if (!way) return null;
  // A pasted token must allow what the sign-in of its kind asks for.
  const scopes = way.scopes?.length ? way.scopes : (all.find((w) => w.sign_in)?.scopes ?? []);

  const submit = async (e: FormEvent) => {
    e.preventDefault();
    if (!read) return;
    const base = { kind: kind.kind, way: way.id, acknowledged: read };
    if (!way.sign_in) {
      const fields = Object.fromEntries(
        (way.fields ?? []).map((f) => [f.name, (given[f.name] ?? '').trim()]),
      );
      const offer = await send(() => channels.paste({ ...base, fields }));
      if (offer) onOffer(offer);
      return;
    }
    const begun = await send(() => channels.begin(base));
    if (!begun) return;
    setLeaving(true);
    window.location.assign(begun.url);
  };

  return (
    <form className="flex flex-col gap-4" autoComplete="off" onSubmit={(e) => void submit(e)}>
      <div ref={first}>
        <Field label={t('connect.way')}>
          <Select
            value={id}
            onChange={(e) => {
              setID(e.target.value);
              setRead(false);
              setGiven({});
            }}
          >
            {all.map((w) => {
              const name = ways[w.id as keyof typeof ways];
              return (
                <option key={w.id} value={w.id}>
                  {name ? t(name) : w.id}
                </option>
              );
            })}
          </Select>
        </Field>
      </div>
      <Manifest title={way.sign_in ? t('connect.asked') : t('connect.asked_token')} scopes={scopes} />
      {kind.skills.window_hours ? (
        <p className="text-ink-3">{t('connect.window', { count: kind.skills.window_hours })}</p>
      ) : null}
      {way.sign_in ? <p className="text-ink-3">{t('connect.leave')}</p> : null}
      <Fields
        way={way}
        given={given}
        onChange={(name, value) => setGiven((old) => ({ ...old, [name]: value }))}
      />
      <Tick on={read} onChange={setRead}>
        {t('connect.ack')}
      </Tick>
      <Refused text={rest} />
      <div className="flex flex-wrap justify-end gap-2">
        {onBack ? (
          <Button kind="ghost" onClick={onBack}>
            {t('connect.back')}
          </Button>
        ) : null}
        <Button kind="primary" type="submit" busy={busy || leaving} disabled={!read}>
          {way.id === 'instagram'
            ? t('connect.go_instagram')
            : way.sign_in
              ? t('connect.go_facebook')
              : t('connect.check')}
        </Button>
      </div>
    </form>
  );
}

const features = ['send', 'receive', 'list', 'profile', 'health'] as const;

function Manifest({ title, scopes }: { title: string; scopes: ChannelScope[] }) {
  const { t } = useText();
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-2">
      <h3 id={id} className="font-semibold">
        {title}
      </h3>
      <ul className="rounded-medium border border-line">
        {scopes.map((s) => {
          const feature = features.find((f) => f === s.feature);
          return (
            <li key={s.name} className="flex items-start gap-3 border-t border-line px-3 py-2 first:border-0">
              <span className="min-w-0 flex-1">
                <span className="block">{s.words}</span>
                <span className="block text-meta text-ink-3">
                  {feature ? `${t(`connect.feature.${feature}`)} · ` : ''}
                  <code dir="ltr" className="font-mono break-all">
                    {s.name}
                  </code>
                </span>
              </span>
              <Chip tone={s.needed ? 'brand' : 'plain'} className="mt-0.5">
                {s.needed ? t('connect.needed') : t('connect.optional')}
              </Chip>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Fields({
  way,
  given,
  onChange,
}: {
  way: ChannelWay;
  given: Record<string, string>;
  onChange: (name: string, value: string) => void;
}) {
  const { t } = useText();
  return (way.fields ?? []).map((f) => (
    <Field key={f.name} label={f.words} hint={f.secret ? t('connect.secret') : undefined}>
      <Input
        // No browser and no password keeper takes this for a sign-in of Parley.
        name={`connect-${f.name}`}
        type={f.secret ? 'password' : 'text'}
        autoComplete={f.secret ? 'new-password' : 'off'}
        data-1p-ignore
        data-lpignore="true"
        spellCheck={false}
        autoCapitalize="off"
        dir="ltr"
        maxLength={4000}
        className="font-mono"
        value={given[f.name] ?? ''}
        onChange={(e) => onChange(f.name, e.target.value)}
      />
    </Field>
  ));
}

/** A box to tick, with what it says. */
export function Tick({
  on,
  onChange,
  disabled,
  children,
}: {
  on: boolean;
  onChange: (on: boolean) => void;
  disabled?: boolean;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <div className="flex items-start gap-2.5">
      <input
        id={id}
        type="checkbox"
        checked={on}
        disabled={disabled}
        onChange={(e) => onChange(e.target.checked)}
        className="mt-0.5 size-4 flex-none accent-brand phone:size-5"
      />
      <label htmlFor={id} className="min-w-0 flex-1">
        {children}
      </label>
    </div>
  );
}
