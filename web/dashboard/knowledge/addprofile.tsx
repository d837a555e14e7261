import { knowledge } from '@core/knowledge.ts';
import { Button, Field, IconButton, Input, Textarea } from '@ui';
import { type FormEvent, useState } from 'react';
import { useText } from '../state/i18n.ts';
import { Foot, type FormProps, fieldsOf, LanguageField, NameField, useAdding } from './form.tsx';
import {
  businessOf,
  type Draft,
  emptyDraft,
  type Line,
  type Part,
  parts,
  saysNothing,
  weekdays,
} from './profile.ts';

/** What a business says of itself: who it is, when it is open, where, and by which rules. */
export function ProfileForm({ onDone, onCancel }: FormProps) {
  const { t, language: shown } = useText();
  const { busy, send, at, rest } = useAdding('name');
  const [language, setLanguage] = useState<string>(shown);
  const [draft, setDraft] = useState(() => emptyDraft(shown));
  const [lacking, setLacking] = useState(false);
  const speak = (next: string) => {
    const before = weekdays(language);
    const after = weekdays(next);
    // Days that nobody renamed are named in the language of the profile.
    const hours = draft.hours.map((l) => ({ ...l, label: after[before.indexOf(l.label)] ?? l.label }));
    setDraft({ ...draft, hours });
    setLanguage(next);
  };
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const field = fieldsOf(e.currentTarget);
    const profile = businessOf(draft, language);
    setLacking(saysNothing(profile));
    if (saysNothing(profile)) return;
    void send(async () => {
      await knowledge.add({ kind: 'profile', name: field('name'), language, profile });
      await onDone();
    });
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      <div className="grid gap-4 min-[640px]:grid-cols-[1fr_200px]">
        <NameField error={at('name')} />
        <LanguageField value={language} auto={false} onChange={speak} />
      </div>
      <ProfileFields draft={draft} onChange={setDraft} />
      <Foot
        busy={busy}
        rest={lacking ? t('knowledge.refused.profile_incomplete') : rest}
        onCancel={onCancel}
      />
    </form>
  );
}

export function ProfileFields({ draft, onChange }: { draft: Draft; onChange: (d: Draft) => void }) {
  const { t } = useText();
  return (
    <>
      <Field label={t('add.about')} hint={t('add.about_hint')}>
        <Textarea
          value={draft.description}
          rows={4}
          dir="auto"
          maxLength={20_000}
          onChange={(e) => onChange({ ...draft, description: e.target.value })}
        />
      </Field>
      {parts.map((part) => (
        <Lines
          key={part}
          part={part}
          lines={draft[part]}
          onChange={(lines) => onChange({ ...draft, [part]: lines })}
        />
      ))}
    </>
  );
}

function Lines({ part, lines, onChange }: { part: Part; lines: Line[]; onChange: (l: Line[]) => void }) {
  const { t } = useText();
  const change = (no: number, to: Partial<Line>) =>
    onChange(lines.map((l) => (l.no === no ? { ...l, ...to } : l)));
  const next = lines.reduce((most, l) => Math.max(most, l.no), -1) + 1;
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 font-medium">{t(`add.${part}.title`)}</legend>
      {lines.map((l, i) => (
        <div
          key={l.no}
          className="grid grid-cols-[minmax(0,1fr)_minmax(0,2fr)_32px] items-start gap-2 phone:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)_40px]"
        >
          <Input
            aria-label={t('add.line_label', { part: t(`add.${part}.title`), n: i + 1 })}
            placeholder={t(`add.${part}.label`)}
            value={l.label}
            dir="auto"
            maxLength={60}
            onChange={(e) => change(l.no, { label: e.target.value })}
          />
          {part === 'policies' ? (
            <Textarea
              aria-label={t('add.line_text', { part: t(`add.${part}.title`), n: i + 1 })}
              placeholder={t(`add.${part}.text`)}
              value={l.text}
              dir="auto"
              rows={2}
              maxLength={700}
              onChange={(e) => change(l.no, { text: e.target.value })}
            />
          ) : (
            <Input
              aria-label={t('add.line_text', { part: t(`add.${part}.title`), n: i + 1 })}
              placeholder={t(`add.${part}.text`)}
              value={l.text}
              dir="auto"
              maxLength={700}
              onChange={(e) => change(l.no, { text: e.target.value })}
            />
          )}
          <IconButton
            icon="trash"
            label={t('add.line_remove', { part: t(`add.${part}.title`), n: i + 1 })}
            onClick={() => onChange(lines.filter((x) => x.no !== l.no))}
          />
        </div>
      ))}
      {lines.length < 50 ? (
        <Button
          size="s"
          icon="plus"
          className="self-start"
          onClick={() => onChange([...lines, { no: next, label: '', text: '' }])}
        >
          {t(`add.${part}.more`)}
        </Button>
      ) : null}
    </fieldset>
  );
}
