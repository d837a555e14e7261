import { savedReplies } from '@core/api.ts';
import { key } from '@core/merge.ts';
import { fill, strangers, type Variable, variables, variableText } from '@core/saved.ts';
import type { SavedReply } from '@core/types.ts';
import { spoken } from '@core/views.ts';
import { useQueryClient } from '@tanstack/react-query';
import { ChipButton, Dialog, Field, Input, Select, Switch, Textarea, useToast } from '@ui';
import { type FormEvent, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { SaveOrLeave } from '../shell/save.tsx';
import { useDesk } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';

const longestName = 80;
const longestLabel = 40;
const longest = 4000;

/** Writes a saved reply, or changes one. */
export default function SavedEditor({
  saved,
  onClose,
}: {
  saved: SavedReply | undefined;
  onClose: () => void;
}) {
  const { t, format } = useText();
  const client = useQueryClient();
  const say = useToast();
  const { busy, send, at, rest } = useSending('name', 'body', 'label', 'language', 'answers');
  const [now, setNow] = useState({
    name: saved?.name ?? '',
    body: saved?.body ?? '',
    language: saved?.language ?? '',
    label: saved?.label ?? '',
    close: saved?.close ?? false,
    answers: saved?.answers ?? false,
  });
  const put = (part: Partial<typeof now>) => setNow((old) => ({ ...old, ...part }));
  const unknown = strangers(now.body)[0];
  const languages = spoken.includes(now.language) || !now.language ? spoken : [...spoken, now.language];
  const save = (e: FormEvent) => {
    e.preventDefault();
    void send(async () => {
      await (saved ? savedReplies.change(saved.id, now) : savedReplies.add(now));
      await client.invalidateQueries({ queryKey: key.saved });
      say(t('app.saved'));
      onClose();
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      wide
      title={t(saved ? 'saved.change' : 'saved.add')}
      closeLabel={t('app.close')}
    >
      <form className="flex flex-col gap-4" onSubmit={save}>
        <Field label={t('saved.name')} hint={t('saved.name_hint')} error={at('name')}>
          <Input
            value={now.name}
            required
            maxLength={longestName}
            dir="auto"
            autoComplete="off"
            onChange={(e) => put({ name: e.target.value })}
          />
        </Field>
        <Body
          value={now.body}
          error={at('body') ?? (unknown === undefined ? undefined : t('saved.unknown', { name: unknown }))}
          onChange={(body) => put({ body })}
        />
        <div className="grid grid-cols-2 gap-4 phone:grid-cols-1">
          <Field label={t('saved.language')} error={at('language')}>
            <Select value={now.language} onChange={(e) => put({ language: e.target.value })}>
              <option value="">{t('saved.any_language')}</option>
              {languages.map((l) => (
                <option key={l} value={l}>
                  {format.language(l)}
                </option>
              ))}
            </Select>
          </Field>
          <Field label={t('saved.label')} error={at('label')}>
            <Input
              value={now.label}
              maxLength={longestLabel}
              dir="auto"
              autoComplete="off"
              placeholder={t('saved.no_label')}
              onChange={(e) => put({ label: e.target.value })}
            />
          </Field>
        </div>
        <Switch
          label={t('saved.close')}
          hint={t('saved.close_hint')}
          on={now.close}
          onChange={(close) => put({ close })}
        />
        <Switch
          label={t('saved.answers')}
          hint={
            at('answers') ? <span className="text-bad">{t('saved.unusable')}</span> : t('saved.answers_hint')
          }
          on={now.answers}
          onChange={(answers) => put({ answers })}
        />
        <Refused text={rest} />
        <SaveOrLeave busy={busy} onLeave={onClose} />
      </form>
    </Dialog>
  );
}

/** The text, what can be put into it, and how it will read. */
function Body({
  value,
  error,
  onChange,
}: {
  value: string;
  error: string | undefined;
  onChange: (body: string) => void;
}) {
  const { t } = useText();
  const { me } = useDesk();
  const field = useRef<HTMLTextAreaElement>(null);
  const word = (v: Variable) => t(variableText[v]);
  const insert = (v: Variable) => {
    const el = field.current;
    if (!el) return;
    const at = el.selectionStart + v.length + 4;
    flushSync(() => onChange(`${value.slice(0, el.selectionStart)}{{${v}}}${value.slice(el.selectionEnd)}`));
    el.focus();
    el.setSelectionRange(at, at);
  };
  const sample = fill(
    value,
    { 'contact.name': t('saved.sample'), 'member.name': me.member.name, business: me.workspace.name },
    word,
  );
  return (
    <div>
      <Field label={t('saved.body')} error={error}>
        <Textarea
          ref={field}
          value={value}
          required
          maxLength={longest}
          rows={5}
          dir="auto"
          onChange={(e) => onChange(e.target.value)}
        />
      </Field>
      <div className="mt-1.5 flex flex-wrap items-center gap-1.5 text-meta text-ink-3">
        {t('saved.insert')}
        {variables.map((v) => (
          <ChipButton key={v} icon="plus" onClick={() => insert(v)}>
            {word(v)}
          </ChipButton>
        ))}
      </div>
      {sample !== value ? (
        <div className="mt-2.5 rounded-medium bg-sunken px-3 py-2">
          <p className="text-meta text-ink-3">{t('saved.reads')}</p>
          <p dir="auto" className="text-start break-words whitespace-pre-wrap">
            {sample}
          </p>
        </div>
      ) : null}
    </div>
  );
}
