import { knowledge } from '@core/knowledge.ts';
import { Field, Input } from '@ui';
import type { FormEvent } from 'react';
import { useText } from '../state/i18n.ts';
import {
  Foot,
  type FormProps,
  fieldsOf,
  LanguageField,
  NameField,
  type Schedule,
  ScheduleField,
  useAdding,
} from './form.tsx';

export const mostPages = 2000;
const usualPages = 200;

/** A page, or a site from its first page on. */
export function WebForm({ onDone, onCancel, way }: FormProps & { way: 'page' | 'site' }) {
  const { t } = useText();
  const { busy, send, at, rest } = useAdding('name', 'url', 'schedule', 'limit');
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const field = fieldsOf(e.currentTarget);
    const language = field('language');
    const url = field('url');
    void send(async () => {
      await knowledge.add({
        kind: way,
        name: field('name') || nameOfAddress(url),
        url,
        schedule: field('schedule') as Schedule,
        ...(way === 'site' ? { limit: Number(field('limit')) || usualPages } : {}),
        ...(language ? { language } : {}),
      });
      await onDone();
    });
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      <Field
        label={way === 'site' ? t('add.site_url') : t('add.page_url')}
        hint={way === 'site' ? t('add.site_hint') : t('add.page_hint')}
        error={at('url')}
      >
        <Input
          name="url"
          required
          maxLength={2000}
          placeholder="https://"
          inputMode="url"
          autoComplete="off"
          dir="ltr"
        />
      </Field>
      <NameField error={at('name')} optional={t('add.web_name_hint')} />
      <div className="grid gap-4 min-[640px]:grid-cols-3">
        <ScheduleField error={at('schedule')} />
        {way === 'site' ? (
          <Field label={t('add.limit')} hint={t('add.limit_hint', { n: mostPages })} error={at('limit')}>
            <Input
              name="limit"
              type="number"
              min={1}
              max={mostPages}
              defaultValue={usualPages}
              className="num"
            />
          </Field>
        ) : null}
        <LanguageField />
      </div>
      <Foot busy={busy} rest={rest} onCancel={onCancel} />
    </form>
  );
}

/** What a page is called where nobody says: its host and path. */
export function nameOfAddress(url: string): string {
  return url
    .replace(/^[a-z]+:\/\//i, '')
    .replace(/[?#].*$/, '')
    .replace(/\/$/, '')
    .slice(0, 200);
}
