import { knowledge } from '@core/api.ts';
import { key } from '@core/merge.ts';
import { asProblem } from '@core/problem.ts';
import type { Pair, SourceState } from '@core/types.ts';
import { useQueryClient } from '@tanstack/react-query';
import {
  Banner,
  Button,
  Dialog,
  Field,
  IconButton,
  Input,
  Progress,
  Segmented,
  Select,
  TabPage,
  Tabs,
  Textarea,
  useToast,
} from '@ui';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { problemText } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';

type Way = 'faq' | 'text' | 'file';
type Answer = { id: string; state: SourceState };
const spoken = ['en', 'tr', 'de', 'es', 'ar'];
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

function useSending(onDone: () => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const send = async (run: () => Promise<Answer>) => {
    setBusy(true);
    setProblem(null);
    try {
      await run();
      await onDone();
    } catch (err) {
      setProblem(err);
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, send, fields: problem ? asProblem(problem).fields : {} };
}

function Foot({
  busy,
  problem,
  onCancel,
  ready = true,
}: {
  busy: boolean;
  problem: unknown;
  onCancel: () => void;
  ready?: boolean;
}) {
  const { t } = useText();
  return (
    <>
      {problem ? (
        <Banner tone="bad" icon="alert" box role="alert">
          {problemText(t, problem)}
        </Banner>
      ) : null}
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
type Draft = { no: number; question: string; answer: string; alternatives: string };

function FaqForm({ onDone, onCancel }: FormProps) {
  const { t } = useText();
  const { busy, problem, send, fields } = useSending(onDone);
  const next = useRef(2);
  const empty = (no: number): Draft => ({ no, question: '', answer: '', alternatives: '' });
  const [pairs, setPairs] = useState<Draft[]>([empty(1)]);
  const change = (no: number, part: Partial<Draft>) =>
    setPairs((old) => old.map((p) => (p.no === no ? { ...p, ...part } : p)));
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const language = String(form.get('language') ?? '');
    const clean: Pair[] = pairs.map((p) => {
      const alternatives = p.alternatives
        .split('\n')
        .map((x) => x.trim())
        .filter(Boolean);
      return {
        question: p.question.trim(),
        answer: p.answer.trim(),
        ...(alternatives.length ? { alternatives } : {}),
      };
    });
    void send(() =>
      knowledge.add({
        kind: 'faq',
        name: String(form.get('name')).trim(),
        ...(language ? { language } : {}),
        pairs: clean,
      }),
    );
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      <div className="grid gap-4 min-[640px]:grid-cols-[1fr_200px]">
        <NameField error={fields.name} />
        <LanguageField />
      </div>
      {pairs.map((p, i) => (
        <fieldset key={p.no} className="relative flex flex-col gap-3 rounded-medium border border-line p-3.5">
          <legend className="sr-only">{t('add.pair', { n: i + 1 })}</legend>
          <Field label={t('add.question')} className="pe-9">
            <Input
              value={p.question}
              required
              dir="auto"
              maxLength={500}
              onChange={(e) => change(p.no, { question: e.target.value })}
            />
          </Field>
          <Field label={t('add.answer')}>
            <Textarea
              value={p.answer}
              maxLength={4000}
              required
              dir="auto"
              rows={3}
              onChange={(e) => change(p.no, { answer: e.target.value })}
            />
          </Field>
          <Field label={t('add.alternatives')} hint={t('add.alternatives_hint')}>
            <Textarea
              value={p.alternatives}
              dir="auto"
              rows={2}
              onChange={(e) => change(p.no, { alternatives: e.target.value })}
            />
          </Field>
          {pairs.length > 1 ? (
            <IconButton
              icon="trash"
              size="s"
              label={t('add.remove_pair', { n: i + 1 })}
              className="absolute end-2 top-2"
              onClick={() => setPairs(pairs.filter((x) => x.no !== p.no))}
            />
          ) : null}
        </fieldset>
      ))}
      <Button icon="plus" className="self-start" onClick={() => setPairs([...pairs, empty(next.current++)])}>
        {t('add.more_pairs')}
      </Button>
      <Foot busy={busy} problem={problem} onCancel={onCancel} />
    </form>
  );
}

function TextForm({ onDone, onCancel }: FormProps) {
  const { t } = useText();
  const { busy, problem, send, fields } = useSending(onDone);
  const [format, setFormat] = useState<'plain' | 'markdown'>('markdown');
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const language = text('language');
    const url = text('url');
    void send(() =>
      knowledge.add({
        kind: 'text',
        name: text('name'),
        text: text('text'),
        format,
        ...(language ? { language } : {}),
        ...(url ? { url } : {}),
      }),
    );
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      <div className="grid gap-4 min-[640px]:grid-cols-[1fr_200px]">
        <NameField error={fields.name} />
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
        error={fields.text}
      >
        <Textarea name="text" required rows={10} dir="auto" className="font-mono text-meta leading-5" />
      </Field>
      <Field label={t('add.url')} hint={t('add.url_hint')} error={fields.url}>
        <Input name="url" type="url" placeholder="https://" />
      </Field>
      <Foot busy={busy} problem={problem} onCancel={onCancel} />
    </form>
  );
}

function FileForm({ onDone, onCancel }: FormProps) {
  const { t, format } = useText();
  const { busy, problem, send, fields } = useSending(onDone);
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState('');
  const [part, setPart] = useState(0);
  const tooBig = file !== null && file.size > largestFile;
  const empty = file !== null && file.size === 0;
  const wrong: ReactNode = tooBig
    ? t('add.file_big', { size: format.bytes(largestFile) })
    : empty
      ? t('add.file_empty')
      : fields.file;
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (!file || tooBig || empty) return;
    setPart(0);
    void send(() => knowledge.addFile(file, name.trim(), setPart));
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
      <NameField error={fields.name} value={name} onChange={setName} />
      {busy ? (
        <div className="flex flex-col gap-1">
          <Progress label={t('add.uploading')} part={part} />
          <span className="num text-meta text-ink-3">{format.percent(part)}</span>
        </div>
      ) : null}
      <Foot busy={busy} problem={problem} onCancel={onCancel} ready={!!file && !tooBig && !empty} />
    </form>
  );
}
