import { ai } from '@core/ai.ts';
import { useMutation } from '@tanstack/react-query';
import { Banner, Button, Dialog, EmptyState, Input, Spinner, useToast } from '@ui';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { problemText, useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { vendorName } from './vendor.ts';

/** Opens the whole prompt, to a question one writes or has asked. */
export function PromptButton({ unsaved, question = '' }: { unsaved: boolean; question?: string }) {
  const { t } = useText();
  const may = useCan('workspace.write');
  const [open, setOpen] = useState(false);
  if (!may) return null;
  return (
    <>
      <Button size="s" icon="eye" onClick={() => setOpen(true)}>
        {t('agent.prompt.open')}
      </Button>
      {open ? <PromptDialog question={question} unsaved={unsaved} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

/** Every byte that a question would send to the vendor, by its parts. Showing it sends nothing. */
function PromptDialog({
  question,
  unsaved,
  onClose,
}: {
  question: string;
  unsaved: boolean;
  onClose: () => void;
}) {
  const { t, format } = useText();
  const [text, setText] = useState(question);
  const preview = useMutation({ mutationFn: (asked: string) => ai.preview(asked) });
  const { mutate } = preview;
  useEffect(() => {
    if (question) mutate(question);
  }, [question, mutate]);
  const p = preview.data;
  const submit = (e: FormEvent) => {
    e.preventDefault();
    e.stopPropagation();
    if (text.trim()) mutate(text.trim());
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('agent.prompt.title')}
      text={t('agent.prompt.text')}
      closeLabel={t('app.close')}
      wide
    >
      <div className="flex flex-col gap-3.5">
        <form onSubmit={submit} className="flex gap-2">
          <Input
            aria-label={t('agent.try.question')}
            placeholder={t('agent.try.placeholder')}
            value={text}
            maxLength={2000}
            dir="auto"
            onChange={(e) => setText(e.target.value)}
          />
          <Button type="submit" icon="eye" busy={preview.isPending} disabled={!text.trim()}>
            {t('agent.prompt.show')}
          </Button>
        </form>
        {unsaved ? (
          <Banner icon="info" box>
            {t('agent.prompt.unsaved')}
          </Banner>
        ) : null}
        {preview.error ? (
          <Banner tone="bad" icon="alert" box role="alert">
            {problemText(t, preview.error)}
          </Banner>
        ) : null}
        {preview.isPending ? <Spinner label={t('app.loading')} /> : null}
        {!p && !preview.isPending && !preview.error ? (
          <EmptyState icon="eye" title={t('agent.prompt.empty')} text={t('agent.prompt.empty_text')} />
        ) : null}
        {p ? (
          <>
            <p className="text-ink-3">
              {t('agent.prompt.facts', {
                vendor: vendorName(p.vendor, t),
                model: p.model || '–',
                size: format.bytes(new TextEncoder().encode(p.body).length),
              })}
            </p>
            {p.meant ? <p className="text-ink-3">{t('agent.prompt.meant')}</p> : null}
            {p.system.map((block, i) => (
              <Block
                key={block}
                title={t(i === 0 ? 'agent.prompt.always' : 'agent.prompt.yours')}
                text={block}
              />
            ))}
            <Block title={t('agent.prompt.data')} note={t('agent.prompt.data_text')} text={pretty(p.data)} />
            <details>
              <summary className="cursor-pointer font-medium">{t('agent.prompt.body')}</summary>
              <Block title={t('agent.prompt.body')} text={p.body} bare />
            </details>
          </>
        ) : null}
      </div>
    </Dialog>
  );
}

/** Each line that is JSON, laid out. */
export function pretty(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      if (!/^[[{]/.test(line)) return line;
      try {
        return JSON.stringify(JSON.parse(line), null, 2);
      } catch {
        return line;
      }
    })
    .join('\n');
}

export function Block({
  title,
  note,
  text,
  bare,
}: {
  title: string;
  note?: ReactNode;
  text: string;
  bare?: boolean;
}) {
  const { t } = useText();
  const say = useToast();
  const copy = () =>
    void navigator.clipboard.writeText(text).then(
      () => say(t('app.copied')),
      () => say(t('app.copy_failed'), { bad: true }),
    );
  return (
    <section className={bare ? 'mt-2' : ''}>
      <header className="mb-1 flex items-center gap-2">
        <h3 className={bare ? 'sr-only' : 'flex-1 text-meta font-semibold'}>{title}</h3>
        <Button kind="ghost" size="s" icon="copy" onClick={copy} aria-label={`${t('app.copy')}: ${title}`}>
          {t('app.copy')}
        </Button>
      </header>
      {note ? <p className="mb-1 text-meta text-ink-3">{note}</p> : null}
      <pre
        tabIndex={0}
        role="group"
        aria-label={title}
        className="ring-inner max-h-64 overflow-auto rounded-medium border border-line bg-sunken p-3 font-mono text-meta break-words whitespace-pre-wrap"
      >
        {text}
      </pre>
    </section>
  );
}
