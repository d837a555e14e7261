import { knowledge } from '@core/api.ts';
import { key } from '@core/merge.ts';
import type { Content, Source } from '@core/types.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Dialog, Field, Input, Textarea, useToast } from '@ui';
import { type FormEvent, useCallback, useState } from 'react';
import { Answered } from '../shell/page.tsx';
import { SaveOrLeave } from '../shell/save.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { cleanPairs, incomplete, PairFields, type PairText, pairTexts } from './pairs.tsx';

/** Changes what a source is called and what it says. */
export default function EditDialog({ source, onClose }: { source: Source; onClose: () => void }) {
  const { t } = useText();
  const content = useQuery(q.content(source.id));
  const [dirty, setDirty] = useState(false);
  const touch = useCallback(() => setDirty(true), []);
  const close = () => {
    if (!dirty || window.confirm(t('app.unsaved'))) onClose();
  };
  return (
    <Dialog
      open
      onClose={close}
      title={t('source.edit_title', { name: source.name })}
      closeLabel={t('app.close')}
      wide
    >
      <Answered query={content}>
        {content.data ? (
          <EditForm
            source={source}
            content={content.data}
            onTouch={touch}
            onDone={onClose}
            onCancel={close}
          />
        ) : null}
      </Answered>
    </Dialog>
  );
}

/** Only what changed is sent: a new name alone need not be read again. */
function changeOf(source: Source, content: Content, name: string, url: string, words: Content) {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  return {
    ...(name !== source.name ? { name } : {}),
    ...(url !== source.url ? { url } : {}),
    ...(source.kind === 'faq' && !same(words.pairs, cleanPairs(pairTexts(content.pairs)))
      ? { pairs: words.pairs }
      : {}),
    ...(source.kind !== 'faq' && words.text !== content.text ? { text: words.text } : {}),
  };
}

function EditForm({
  source,
  content,
  onTouch,
  onDone,
  onCancel,
}: {
  source: Source;
  content: Content;
  onTouch: () => void;
  onDone: () => void;
  onCancel: () => void;
}) {
  const { t } = useText();
  const client = useQueryClient();
  const say = useToast();
  const { busy, send, at, rest } = useSending('name', 'url', 'text');
  const [pairs, setPairs] = useState(() => pairTexts(content.pairs));
  const [text, setText] = useState(content.text);
  const [lacking, setLacking] = useState('');
  const writePairs = useCallback(
    (change: (old: PairText[]) => PairText[]) => {
      onTouch();
      setLacking('');
      setPairs(change);
    },
    [onTouch],
  );
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const field = (name: string) => String(form.get(name) ?? '').trim();
    const bad = source.kind === 'faq' ? incomplete(pairs) : undefined;
    if (bad) {
      const n = pairs.indexOf(bad) + 1;
      setLacking(`${t('add.pair', { n })}: ${t('error.pair_incomplete')}`);
      return;
    }
    const words = { pairs: cleanPairs(pairs), text };
    const change = changeOf(source, content, field('name'), field('url'), words);
    if (Object.keys(change).length === 0) return onDone();
    void send(async () => {
      const next = await knowledge.change(source.id, change);
      client.setQueryData<Source>(key.source(source.id), (old) =>
        old && old.updated_at > next.updated_at ? old : next,
      );
      void client.invalidateQueries({ queryKey: key.sources });
      say('pairs' in change || 'text' in change ? t('source.saved') : t('app.saved'));
      onDone();
    });
  };
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={submit}
      onInput={onTouch}
      noValidate={source.kind === 'faq'}
    >
      <Field label={t('add.name')} hint={t('add.name_hint')} error={at('name')}>
        <Input name="name" required maxLength={200} dir="auto" defaultValue={source.name} />
      </Field>
      {source.kind === 'faq' ? (
        <PairFields pairs={pairs} onChange={writePairs} />
      ) : (
        <Field
          label={t('add.text_label')}
          hint={source.kind === 'markdown' ? t('add.text_hint') : undefined}
          error={at('text')}
        >
          <Textarea
            required
            rows={14}
            dir="auto"
            value={text}
            onChange={(e) => setText(e.target.value)}
            className="font-mono text-meta leading-5"
          />
        </Field>
      )}
      <Field label={t('add.url')} hint={t('add.url_hint')} error={at('url')}>
        <Input name="url" type="url" placeholder="https://" defaultValue={source.url} />
      </Field>
      <Refused text={lacking || rest} />
      <SaveOrLeave busy={busy} onLeave={onCancel} />
    </form>
  );
}
