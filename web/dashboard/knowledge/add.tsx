import { knowledge } from '@core/api.ts';
import { key } from '@core/merge.ts';
import { spoken } from '@core/views.ts';
import { useQueryClient } from '@tanstack/react-query';
import {
  Button,
  Dialog,
  Field,
  Input,
  Progress,
  Segmented,
  Select,
  TabPage,
  Tabs,
  Textarea,
  useToast,
} from '@ui';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { cleanPairs, emptyPair, PairFields } from './pairs.tsx';

type Way = 'faq' | 'text' | 'file';
const fileTypes = '.txt,.md,.json';
const largestFile = 5_000_000;

/** Three ways to bring knowledge in. */
export function AddDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const [way, setWay] = useState<Way>('faq');
  const client = useQueryClient();
  const say = useToast();
  const done = async () => {
    onClose();
    say(t('add.added'));
    await client.invalidateQueries({ queryKey: key.sources });
  };
  return (
    <Dialog open onClose={onClose} title={t('knowledge.add')} closeLabel={t('app.close')} wide>
      <Tabs
        label={t('add.way')}
        value={way}
        onChange={setWay}
        tabs={[
          { value: 'faq', label: t('add.faq') },
          { value: 'text', label: t('add.text') },
          { value: 'file', label: t('add.file') },
        ]}
      >
        <TabPage value="faq" className="pt-4">
          <FaqForm onDone={done} onCancel={onClose} />
        </TabPage>
        <TabPage value="text" className="pt-4">
          <TextForm onDone={done} onCancel={onClose} />
        </TabPage>
        <TabPage value="file" className="pt-4">
          <FileForm onDone={done} onCancel={onClose} />
        </TabPage>
      </Tabs>
    </Dialog>
  );
}

function Foot({
  busy,
  rest,
  onCancel,
  ready = true,
}: {
  busy: boolean;
  rest: string;
  onCancel: () => void;
  ready?: boolean;
}) {
  const { t } = useText();
  return (
    <>
      <Refused text={rest} />
      <div className="flex justify-end gap-2">
        <Button kind="ghost" onClick={onCancel}>
          {t('app.cancel')}
        </Button>
        <Button kind="primary" type="submit" busy={busy} disabled={!ready}>
          {t('knowledge.add')}
        </Button>
      </div>
    </>
  );
}

function NameField({
  error,
  value,
  onChange,
}: {
  error?: string;
  value?: string;
  onChange?: (v: string) => void;
}) {
  const { t } = useText();
  return (
    <Field label={t('add.name')} hint={t('add.name_hint')} error={error}>
      <Input
        name="name"
        required
        maxLength={200}
        dir="auto"
        {...(onChange ? { value, onChange: (e) => onChange(e.target.value) } : {})}
      />
    </Field>
  );
}

function LanguageField() {
  const { t, format } = useText();
  return (
    <Field label={t('add.language')}>
      <Select name="language" defaultValue="">
        <option value="">{t('add.language_auto')}</option>
        {spoken.map((l) => (
          <option key={l} value={l}>
            {format.language(l)}
          </option>
        ))}
      </Select>
    </Field>
  );
}

type FormProps = { onDone: () => Promise<void>; onCancel: () => void };

function FaqForm({ onDone, onCancel }: FormProps) {
  const { busy, send, at, rest } = useSending('name');
  const [pairs, setPairs] = useState([emptyPair(1)]);
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const language = String(form.get('language') ?? '');
    void send(async () => {
      await knowledge.add({
        kind: 'faq',
        name: String(form.get('name')).trim(),
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

function TextForm({ onDone, onCancel }: FormProps) {
  const { t } = useText();
  const { busy, send, at, rest } = useSending('name', 'text', 'url');
  const [format, setFormat] = useState<'plain' | 'markdown'>('markdown');
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const language = text('language');
    const url = text('url');
    void send(async () => {
      await knowledge.add({
        kind: 'text',
        name: text('name'),
        text: text('text'),
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

function FileForm({ onDone, onCancel }: FormProps) {
  const { t, format } = useText();
  const { busy, send, at, rest } = useSending('name', 'file');
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState('');
  const [part, setPart] = useState(0);
  const tooBig = file !== null && file.size > largestFile;
  const empty = file !== null && file.size === 0;
  const wrong: ReactNode = tooBig
    ? t('add.file_big', { size: format.bytes(largestFile) })
    : empty
      ? t('add.file_empty')
      : at('file');
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (!file || tooBig || empty) return;
    setPart(0);
    void send(async () => {
      await knowledge.addFile(file, name.trim(), setPart);
      await onDone();
    });
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      <Field
        label={t('add.file_label')}
        hint={t('add.file_hint', { size: format.bytes(largestFile) })}
        error={wrong}
      >
        <Input
          type="file"
          accept={fileTypes}
          required
          className="h-auto! py-2 file:me-3 file:rounded-small file:bg-hover file:px-2.5 file:py-1 file:font-medium phone:h-auto!"
          onChange={(e) => {
            const picked = e.target.files?.[0] ?? null;
            setFile(picked);
            if (picked && !name) setName(picked.name.replace(/\.[^.]+$/, ''));
          }}
        />
      </Field>
      <NameField error={at('name')} value={name} onChange={setName} />
      {busy ? (
        <div className="flex flex-col gap-1">
          <Progress label={t('add.uploading')} part={part} />
          <span className="num text-meta text-ink-3">{format.percent(part)}</span>
        </div>
      ) : null}
      <Foot busy={busy} rest={rest} onCancel={onCancel} ready={!!file && !tooBig && !empty} />
    </form>
  );
}
