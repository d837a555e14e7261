import type { AISettings, Vendor, VendorFacts } from '@core/ai.ts';
import { safeUrl } from '@core/format.ts';
import { Banner, Card, CardBody, Chip, cn, Field, Icon, type IconName, Input, Select } from '@ui';
import type { ReactNode } from 'react';
import { useText } from '../state/i18n.ts';
import { Limits, Purposes, Writing } from './bounds.tsx';
import { KeyField, TestButton } from './key.tsx';
import { MeaningCard } from './meaning.tsx';
import { Spend } from './spend.tsx';
import type { Editing } from './state.ts';

/** Whose model writes, what leaves for it, and what it may cost. */
export default function Model({ e }: { e: Editing }) {
  const { t } = useText();
  return (
    <>
      <fieldset disabled={!e.may} className="min-w-0">
        <VendorCard e={e} />
        {e.mine.ai.provider ? (
          <>
            <Setting e={e} vendor={e.mine.ai.provider} />
            <Purposes e={e} />
            <MeaningCard e={e} />
            <Writing e={e} />
          </>
        ) : null}
        <Limits e={e} />
      </fieldset>
      <Spend />
      <p className="mb-5 flex gap-2 px-1 text-ink-3">
        <Icon name="info" className="mt-0.5" />
        {t('agent.model.disclaimer')}
      </p>
    </>
  );
}

const vendors: Vendor[] = ['openai', 'anthropic', 'compatible'];
const icons: Record<'' | Vendor, IconName> = {
  '': 'book',
  openai: 'spark',
  anthropic: 'spark',
  compatible: 'plug',
};

function VendorCard({ e }: { e: Editing }) {
  const { t } = useText();
  const { provider } = e.mine.ai;
  const choose = (next: '' | Vendor) =>
    e.set({
      provider: next,
      fallback: next && e.mine.ai.fallback !== next ? e.mine.ai.fallback : '',
    });
  return (
    <Card title={t('agent.model.title')} text={t('agent.model.text')}>
      <div role="radiogroup" aria-label={t('agent.model.title')} className="flex flex-col">
        {(['', ...vendors] as const).map((v) => {
          const facts = e.loaded.state.vendors.find((x) => x.name === v);
          const on = provider === v;
          return (
            <label
              key={v}
              className={cn(
                'flex cursor-pointer gap-3 border-t border-line px-[18px] py-3 last:rounded-b-large has-focus-visible:shadow-[inset_0_0_0_2px_var(--brand)]',
                on ? 'bg-brand-soft/60' : 'hover:bg-sunken',
              )}
            >
              <input
                type="radio"
                name="vendor"
                checked={on}
                onChange={() => choose(v)}
                className="mt-0.5 size-4 flex-none accent-brand focus-visible:shadow-none"
              />
              <span className="min-w-0 flex-1">
                <span className="flex flex-wrap items-center gap-2">
                  <Icon name={icons[v]} className="text-ink-3" />
                  <b className="font-semibold">{v ? t(`agent.vendor.${v}`) : t('agent.model.none')}</b>
                  {facts?.key === 'own' ? (
                    <Chip tone="ok" icon="key">
                      {t('agent.key.there')}
                    </Chip>
                  ) : facts?.key === 'install' ? (
                    <Chip icon="key">{t('agent.key.install')}</Chip>
                  ) : null}
                </span>
                <span className="block text-ink-3">{t(`agent.model.${v || 'none'}_text`)}</span>
                {facts && v ? <Facts facts={facts} /> : null}
              </span>
            </label>
          );
        })}
      </div>
      {provider && e.mine.ai.purposes.length === 0 ? (
        <div className="border-t border-line p-3.5">
          <Banner icon="shield" box>
            {t('agent.model.nothing_yet')}
          </Banner>
        </div>
      ) : null}
    </Card>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <span className="flex min-w-0 flex-col">
      <span className="text-meta text-ink-3">{name}</span>
      <span className="font-medium break-words">{children}</span>
    </span>
  );
}

/** What the register says of a vendor. */
function Facts({ facts: f }: { facts: VendorFacts }) {
  const { t, format } = useText();
  if (!f.company) {
    return <span className="mt-1.5 block text-meta text-ink-3">{t('agent.fact.own_server')}</span>;
  }
  const dpa = safeUrl(f.dpa);
  return (
    <span className="mt-2 grid grid-cols-3 gap-x-4 gap-y-2 phone:grid-cols-2">
      <Fact name={t('agent.fact.kept')}>
        {f.zero_retention
          ? t('agent.fact.kept_none')
          : t('agent.fact.kept_days', { count: f.retention_days })}
      </Fact>
      <Fact name={t('agent.fact.training')}>{f.training ? t('agent.fact.yes') : t('agent.fact.no')}</Fact>
      <Fact name={t('agent.fact.region')}>{f.region || '–'}</Fact>
      <Fact name={t('agent.fact.dpa')}>
        {dpa ? (
          <a
            href={dpa}
            target="_blank"
            rel="noreferrer noopener"
            className="text-brand-ink underline underline-offset-2"
          >
            {t('agent.fact.read')}
          </a>
        ) : (
          t('agent.fact.none')
        )}
      </Fact>
      <Fact name={t('agent.fact.company')}>{f.company}</Fact>
      <Fact name={t('agent.fact.checked')}>{f.checked_on ? format.date(f.checked_on) : '–'}</Fact>
    </span>
  );
}

function Setting({ e, vendor }: { e: Editing; vendor: Vendor }) {
  const { t } = useText();
  const { ai } = e.mine;
  const others = vendors.filter((v) => v !== vendor);
  const title = t('agent.model.set_title', { vendor: t(`agent.vendor.${vendor}`) });
  const involved = [vendor, ...(ai.fallback ? [ai.fallback] : [])];
  return (
    <Card title={title}>
      <CardBody>
        <div role="group" aria-label={title} className="flex flex-col gap-4">
          {involved.map((v) => (
            <VendorSetting key={v} e={e} vendor={v} second={v !== vendor} />
          ))}
          <Field
            label={t('agent.field.fallback')}
            hint={t('agent.model.fallback_text')}
            className="border-t border-line pt-4"
          >
            <Select
              value={ai.fallback}
              onChange={(ev) => e.set({ fallback: ev.target.value as AISettings['fallback'] })}
              className="max-w-80"
            >
              <option value="">{t('agent.model.no_fallback')}</option>
              {others.map((v) => (
                <option key={v} value={v}>
                  {t(`agent.vendor.${v}`)}
                </option>
              ))}
            </Select>
          </Field>
        </div>
      </CardBody>
    </Card>
  );
}

function VendorSetting({ e, vendor, second }: { e: Editing; vendor: Vendor; second: boolean }) {
  const { t } = useText();
  const { ai } = e.mine;
  const name = t(`agent.vendor.${vendor}`);
  const facts = e.loaded.state.vendors.find((v) => v.name === vendor);
  return (
    <div className={cn('flex flex-col gap-4', second && 'border-t border-line pt-4')}>
      {second ? <h3 className="font-semibold">{t('agent.model.set_title', { vendor: name })}</h3> : null}
      {vendor === 'compatible' ? <p className="text-ink-3">{t('agent.model.address')}</p> : null}
      {facts ? <KeyField facts={facts} name={name} /> : null}
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <Field label={t('agent.model.name')} hint={t('agent.model.name_text')} className="min-w-60 flex-1">
          <Input
            dir="ltr"
            value={ai.models[vendor] ?? ''}
            maxLength={200}
            spellCheck={false}
            autoComplete="off"
            onChange={(ev) =>
              e.set({ models: { ...ai.models, [vendor]: ev.target.value.replace(/\s/g, '') } })
            }
          />
        </Field>
        <TestButton vendor={vendor} model={ai.models[vendor] ?? ''} />
      </div>
    </div>
  );
}
