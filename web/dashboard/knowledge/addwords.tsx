import { knowledge } from '@core/knowledge.ts';
import { Button, Field, Input, Segmented, Textarea } from '@ui';
import { type FormEvent, useState } from 'react';
import { useText } from '../state/i18n.ts';
import { acceptedPairs, nameOf, refusal } from './files.ts';
import { Foot, type FormProps, fieldsOf, LanguageField, NameField, useAdding } from './form.tsx';
import { cleanPairs, emptyPair, PairFields } from './pairs.tsx';

/** Questions with their answers: written here, or out of a table. */
export function FaqForm(props: FormProps) {
  const { t } = useText();
  const [from, setFrom] = useState<'form' | 'csv'>('form');
  return (
    <>
      <div className="self-start">
        <Segmented
          label={t('add.pairs_from')}
          value={from}
          onChange={setFrom}
          choices={[
            { value: 'form', label: t('add.pairs_form') },
            { value: 'csv', label: t('add.pairs_csv') },
          ]}
        />
      </div>
      {from === 'form' ? <WrittenPairs {...props} /> : <PairFile {...props} />}
    </>
  );
}

function WrittenPairs({ onDone, onCancel }: FormProps) {
  const { busy, send, at, rest } = useAdding('name');
  const [pairs, setPairs] = useState([emptyPair(1)]);
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const field = fieldsOf(e.currentTarget);
    const language = field('language');
    void send(async () => {
      await knowledge.add({
        kind: 'faq',
        name: field('name'),
        ...(language ? { language } : {}),
        pairs: cleanPairs(pairs),
      });
      await onDone();
    });
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      <div className="grid gap-4 min-[640px]:grid-cols-[1fr_200px]">
        <NameField error={at('name')} />
        <LanguageField />
      </div>
      <PairFields pairs={pairs} onChange={setPairs} />
      <Foot busy={busy} rest={rest} onCancel={onCancel} />
    </form>
  );
}

function PairFile({ onDone, onCancel }: FormProps) {
  const { t } = useText();
  const { busy, send, at, rest } = useAdding('name', 'file');
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState('');
  const against = file ? refusal(file) : '';
  const sample = () => {
    const text = `\ufeff${t('add.csv_sample')}`;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
    link.download = 'faq.csv';
    link.click();
    URL.revokeObjectURL(link.href);
  };
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    if (!file || against) return;
    const language = fieldsOf(e.currentTarget)('language');
    void send(async () => {
      await knowledge.addFile({ file, name: name.trim(), language, kind: 'faq' }, () => {});
      await onDone();
    });
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      <Field
        label={t('add.csv_label')}
        hint={t('add.csv_hint')}
        error={against ? t(`knowledge.reason.${against}`) : at('file')}
      >
        <Input
          type="file"
          accept={acceptedPairs}
          required
          className="h-auto! py-2 file:me-3 file:rounded-small file:bg-hover file:px-2.5 file:py-1 file:font-medium phone:h-auto!"
          onChange={(e) => {
            const picked = e.target.files?.[0] ?? null;
            setFile(picked);
            if (picked && !name) setName(nameOf(picked));
          }}
        />
      </Field>
      <Button size="s" icon="load" className="self-start" onClick={sample}>
        {t('add.csv_get')}
      </Button>
      <div className="grid gap-4 min-[640px]:grid-cols-[1fr_200px]">
        <NameField error={at('name')} value={name} onChange={setName} />
        <LanguageField />
      </div>
      <Foot busy={busy} rest={rest} onCancel={onCancel} ready={!!file && !against} />
    </form>
  );
}

/** A text, with headings or without. */
export function TextForm({ onDone, onCancel }: FormProps) {
  const { t } = useText();
  const { busy, send, at, rest } = useAdding('name', 'text', 'url');
  const [format, setFormat] = useState<'plain' | 'markdown'>('markdown');
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const field = fieldsOf(e.currentTarget);
    const language = field('language');
    const url = field('url');
    void send(async () => {
      await knowledge.add({
        kind: 'text',
        name: field('name'),
        text: field('text'),
        format,
        ...(language ? { language } : {}),
        ...(url ? { url } : {}),
      });
      await onDone();
    });
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      <div className="grid gap-4 min-[640px]:grid-cols-[1fr_200px]">
        <NameField error={at('name')} />
        <LanguageField />
      </div>
      <div className="flex flex-col items-start gap-1">
        <span className="font-medium">{t('add.format')}</span>
        <Segmented
          label={t('add.format')}
          value={format}
          onChange={setFormat}
          choices={[
            { value: 'markdown', label: 'Markdown' },
            { value: 'plain', label: t('add.plain') },
          ]}
        />
      </div>
      <Field
        label={t('add.text_label')}
        hint={format === 'markdown' ? t('add.text_hint') : undefined}
        error={at('text')}
      >
        <Textarea name="text" required rows={10} dir="auto" className="font-mono text-meta leading-5" />
      </Field>
      <Field label={t('add.url')} hint={t('add.url_hint')} error={at('url')}>
        <Input name="url" type="url" placeholder="https://" />
      </Field>
      <Foot busy={busy} rest={rest} onCancel={onCancel} />
    </form>
  );
}
