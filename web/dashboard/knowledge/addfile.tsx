import { knowledge } from '@core/knowledge.ts';
import { cn, Field, Icon, Input, Progress, Segmented } from '@ui';
import { type DragEvent, type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useText } from '../state/i18n.ts';
import { accepted, acceptedTables, type FileKind, largest, nameOf, refusal } from './files.ts';
import { Foot, type FormProps, fieldsOf, LanguageField, NameField, useAdding } from './form.tsx';

/** A file: a document, or a table of questions or of prices. */
export function FileForm({
  onDone,
  onCancel,
  way,
  start,
}: FormProps & { way: 'file' | 'catalogue'; start: File | null }) {
  const { t, format } = useText();
  const { busy, send, at, rest } = useAdding('name', 'file');
  const [file, setFile] = useState(start);
  const [name, setName] = useState(start ? nameOf(start) : '');
  const [kind, setKind] = useState<FileKind>('');
  const [part, setPart] = useState(0);
  const stop = useRef<AbortController>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const against = file ? refusal(file) : '';
  const wrong = against ? t(`knowledge.reason.${against}`) : at('file');
  const pick = (picked: File | undefined) => {
    if (!picked) return;
    setFile(picked);
    if (!name || (file && name === nameOf(file))) setName(nameOf(picked));
  };
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    if (!file || against) return;
    const language = fieldsOf(e.currentTarget)('language');
    setPart(0);
    stop.current = new AbortController();
    const { signal } = stop.current;
    void send(async () => {
      const as = way === 'catalogue' ? way : kind;
      await knowledge.addFile({ file, name: name.trim(), language, kind: as }, setPart, signal);
      await onDone();
    });
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      <Drop onFile={pick}>
        <Field
          label={t('add.file_label')}
          hint={
            way === 'catalogue' ? t('add.catalogue_hint') : t('add.file_hint', { n: largest / 1024 / 1024 })
          }
          error={wrong}
        >
          {file ? <Chosen file={file} size={format.bytes(file.size)} /> : null}
          <Input
            type="file"
            accept={way === 'catalogue' ? acceptedTables : accepted}
            required={!file}
            className="h-auto! py-2 file:me-3 file:rounded-small file:bg-hover file:px-2.5 file:py-1 file:font-medium phone:h-auto!"
            onChange={(e) => pick(e.target.files?.[0])}
          />
        </Field>
      </Drop>
      <div className="grid gap-4 min-[640px]:grid-cols-[1fr_200px]">
        <NameField error={at('name')} value={name} onChange={setName} />
        <LanguageField />
      </div>
      {way === 'file' && file && /\.(csv|tsv|xlsx|txt)$/i.test(file.name) ? (
        <div className="flex flex-col items-start gap-1">
          <span className="font-medium">{t('add.table')}</span>
          <Segmented
            label={t('add.table')}
            value={kind || 'auto'}
            onChange={(v) => setKind(v === 'auto' ? '' : v)}
            choices={[
              { value: 'auto', label: t('add.table_auto') },
              { value: 'faq', label: t('add.table_faq') },
              { value: 'catalogue', label: t('add.table_catalogue') },
            ]}
          />
        </div>
      ) : null}
      {busy ? (
        <div className="flex flex-col gap-1" aria-live="polite">
          <Progress label={t('add.uploading')} part={part} />
          <span className="num text-meta text-ink-3">
            {part < 1 ? `${t('add.uploading')} ${format.percent(part)}` : t('add.checking')}
          </span>
        </div>
      ) : null}
      <Foot busy={busy} rest={rest} onCancel={onCancel} ready={!!file && !against} />
    </form>
  );
}

function Chosen({ file, size }: { file: File; size: string }) {
  return (
    <div className="mb-1 flex items-center gap-2.5 rounded-medium border border-line bg-sunken px-3 py-2">
      <Icon name="file" className="text-ink-3" />
      <bdi className="min-w-0 flex-1 truncate font-medium">{file.name}</bdi>
      <span className="num flex-none text-meta text-ink-3">{size}</span>
    </div>
  );
}

/** Takes a file that is dropped on it; the picker inside does the same by keyboard. */
function Drop({ onFile, children }: { onFile: (f: File | undefined) => void; children: ReactNode }) {
  const [over, setOver] = useState(false);
  const drop = (e: DragEvent) => {
    e.preventDefault();
    setOver(false);
    onFile(e.dataTransfer.files[0]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra to the file picker inside
    <div
      className={cn('rounded-medium', over && 'bg-brand-soft ring-2 ring-brand')}
      onDragOver={(e) => {
        e.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {children}
    </div>
  );
}
