import { knowledge } from '@core/knowledge.ts';
import { key } from '@core/merge.ts';
import type { Business, Content, Pair, Source } from '@core/types.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Banner, Dialog, Field, Input, Textarea, useToast } from '@ui';
import { type FormEvent, useCallback, useState } from 'react';
import { Answered } from '../shell/page.tsx';
import { SaveOrLeave } from '../shell/save.tsx';
import { useText } from '../state/i18n.ts';
import { Refused } from '../state/sending.tsx';
import { ProfileFields } from './addprofile.tsx';
import { mostPages } from './addweb.tsx';
import { fieldsOf, useAdding } from './form.tsx';
import { isWeb } from './looks.ts';
import { cleanPairs, incomplete, PairFields, type PairText, pairTexts } from './pairs.tsx';
import { businessOf, draftOf } from './profile.ts';
import { k } from './state.ts';

/** Changes what a source is called and what it says. */
export default function EditDialog({ source, onClose }: { source: Source; onClose: () => void }) {
  const { t } = useText();
  const content = useQuery(k.content(source.id));
  const [dirty, setDirty] = useState(false);
  const touch = useCallback(() => setDirty(true), []);
  const close = () => {
    if (!dirty || window.confirm(t('app.unsaved'))) onClose();
  };
  return (
    <Dialog
      open
      onClose={close}
      title={t('knowledge.edit_title', { name: source.name })}
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

type Words = { pairs: Pair[]; text: string; profile?: Business };

/** Only what changed is sent: a new name alone need not be read again. */
function changeOf(source: Source, content: Content, words: Words) {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  if (source.kind === 'faq') {
    return same(words.pairs, cleanPairs(pairTexts(content.pairs))) ? {} : { pairs: words.pairs };
  }
  if (source.kind === 'profile') {
    const before = content.profile && businessOf(draftOf(content.profile), '', content.profile.titles);
    return same(words.profile, before) ? {} : { profile: words.profile };
  }
  const text = source.kind === 'text' || source.kind === 'markdown';
  return text && words.text !== content.text ? { text: words.text } : {};
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
  const { busy, send, at, rest } = useAdding('name', 'url', 'text', 'limit');
  const [pairs, setPairs] = useState(() => pairTexts(content.pairs));
  const [text, setText] = useState(content.text);
  const [profile, setProfile] = useState(() => draftOf(content.profile ?? {}));
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
    const field = fieldsOf(e.currentTarget);
    const bad = source.kind === 'faq' ? incomplete(pairs) : undefined;
    if (bad) {
      const n = pairs.indexOf(bad) + 1;
      setLacking(`${t('add.pair', { n })}: ${t('error.pair_incomplete')}`);
      return;
    }
    const said = changeOf(source, content, {
      pairs: cleanPairs(pairs),
      text,
      profile: businessOf(profile, source.language, content.profile?.titles),
    });
    const limit = Number(field('limit'));
    const change = {
      ...(field('name') !== source.name ? { name: field('name') } : {}),
      ...(!isWeb(source) && field('url') !== source.url ? { url: field('url') } : {}),
      ...(source.kind === 'site' && limit && limit !== source.crawl?.limit ? { limit } : {}),
      ...said,
    };
    if (Object.keys(change).length === 0) return onDone();
    void send(async () => {
      const next = await knowledge.change(source.id, change);
      client.setQueryData<Source>(key.source(source.id), (old) =>
        old && old.updated_at > next.updated_at ? old : next,
      );
      void client.invalidateQueries({ queryKey: key.sources });
      say(Object.keys(said).length ? t('knowledge.saved') : t('app.saved'));
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
      {source.kind === 'faq' ? <PairFields pairs={pairs} onChange={writePairs} /> : null}
      {source.kind === 'profile' ? <ProfileFields draft={profile} onChange={setProfile} /> : null}
      {source.kind === 'text' || source.kind === 'markdown' ? (
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
      ) : null}
      {source.kind === 'file' || source.kind === 'catalogue' ? (
        <Banner icon="info" box>
          {t('knowledge.file_edit')}
        </Banner>
      ) : null}
      {source.kind === 'site' ? (
        <Field label={t('add.limit')} hint={t('add.limit_hint', { n: mostPages })} error={at('limit')}>
          <Input
            name="limit"
            type="number"
            min={1}
            max={mostPages}
            defaultValue={source.crawl?.limit}
            className="num max-w-40"
          />
        </Field>
      ) : null}
      {isWeb(source) ? null : (
        <Field label={t('add.url')} hint={t('add.url_hint')} error={at('url')}>
          <Input name="url" type="url" placeholder="https://" defaultValue={source.url} />
        </Field>
      )}
      <Refused text={lacking || rest} />
      <SaveOrLeave busy={busy} onLeave={onCancel} />
    </form>
  );
}
