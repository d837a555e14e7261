import type { Tone } from '@core/ai.ts';
import { spoken } from '@core/views.ts';
import { Button, Card, CardBody, Field, IconButton, Input, Segmented, Textarea } from '@ui';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { useText } from '../state/i18n.ts';
import { bytes, hostOf } from './lists.ts';
import { PromptButton } from './prompt.tsx';
import type { Editing } from './state.ts';

const tones: Tone[] = ['neutral', 'warm', 'formal'];
const longest = 8000; // bytes

/** How answers sound, and what they never say. */
export default function Voice({ e }: { e: Editing }) {
  const { t } = useText();
  const { ai } = e.mine;
  return (
    <fieldset disabled={!e.may} className="min-w-0">
      <Card
        title={t('agent.voice.title')}
        text={ai.provider ? t('agent.voice.text') : t('agent.voice.text_quotes')}
        action={<PromptButton unsaved={e.changes.length > 0} />}
      >
        <CardBody>
          <div className="flex flex-col items-start gap-1">
            <span className="font-medium">{t('agent.field.tone')}</span>
            <Segmented
              label={t('agent.field.tone')}
              value={ai.tone}
              disabled={!e.may}
              onChange={(tone) => e.set({ tone })}
              choices={tones.map((x) => ({ value: x, label: t(`agent.tone.${x}`) }))}
            />
            <p className="text-meta text-ink-3">{t(`agent.tone.${ai.tone}_text`)}</p>
          </div>
          <Instructions e={e} />
        </CardBody>
      </Card>
      <Languages e={e} />
      <Phrases
        title={t('agent.field.do_not_say')}
        text={t('agent.voice.never_text')}
        label={t('agent.voice.phrase')}
        items={ai.do_not_say}
        clean={(x) => x.trim()}
        wrong={t('agent.voice.phrase_wrong')}
        onChange={(do_not_say) => e.set({ do_not_say })}
      />
      <Phrases
        title={t('agent.field.domains')}
        text={t('agent.voice.domains_text')}
        label={t('agent.voice.domain')}
        items={ai.domains}
        clean={hostOf}
        wrong={t('agent.voice.domain_wrong')}
        onChange={(domains) => e.set({ domains })}
      />
    </fieldset>
  );
}

function Instructions({ e }: { e: Editing }) {
  const { t, format } = useText();
  const { instructions } = e.mine.ai;
  const size = bytes(instructions);
  return (
    <Field
      label={t('agent.field.instructions')}
      hint={t('agent.voice.instructions_text', { n: format.number(size), most: format.number(longest) })}
      error={size > longest ? t('agent.voice.instructions_long') : undefined}
    >
      <Textarea
        rows={9}
        dir="auto"
        value={instructions}
        placeholder={t('agent.voice.instructions_hint')}
        onChange={(ev) => e.set({ instructions: ev.target.value })}
      />
    </Field>
  );
}

function Languages({ e }: { e: Editing }) {
  const { t, format } = useText();
  const chosen = e.mine.languages;
  const offered = [...spoken, ...chosen.filter((l) => !spoken.includes(l))];
  const toggle = (l: string, on: boolean) =>
    e.edit((s) => ({ ...s, languages: offered.filter((x) => (x === l ? on : chosen.includes(x))) }));
  return (
    <Card title={t('settings.languages')} text={t('settings.languages_text')}>
      <CardBody>
        <ul
          aria-label={t('settings.languages')}
          className="grid grid-cols-[repeat(auto-fill,minmax(132px,1fr))] gap-x-3 gap-y-1.5"
        >
          {offered.map((l) => (
            <li key={l}>
              <label className="flex items-center gap-2 phone:min-h-9">
                <input
                  type="checkbox"
                  checked={chosen.includes(l)}
                  onChange={(ev) => toggle(l, ev.target.checked)}
                  className="size-4 flex-none accent-brand phone:size-5"
                />
                {format.language(l)}
              </label>
            </li>
          ))}
        </ul>
      </CardBody>
    </Card>
  );
}

/** A list of short texts: written one by one, taken out one by one. */
function Phrases({
  title,
  text,
  label,
  items,
  clean,
  wrong,
  onChange,
}: {
  title: string;
  text: ReactNode;
  label: string;
  items: string[];
  clean: (text: string) => string;
  wrong: string;
  onChange: (items: string[]) => void;
}) {
  const { t } = useText();
  const [value, setValue] = useState('');
  const [bad, setBad] = useState(false);
  const add = () => {
    const next = clean(value);
    const fits = next !== '' && bytes(next) <= 200;
    setBad(!fits);
    if (!fits) return;
    if (!items.includes(next)) onChange([...items, next]);
    setValue('');
  };
  const hear = (e: KeyboardEvent) => {
    if (e.key !== 'Enter' || e.nativeEvent.isComposing) return;
    e.preventDefault();
    add();
  };
  return (
    <Card title={title} text={text}>
      <CardBody>
        {items.length ? (
          <ul aria-label={title} className="flex flex-wrap gap-2">
            {items.map((x) => (
              <li key={x} className="flex max-w-full items-center rounded-medium border border-line ps-2.5">
                <span dir="auto" className="truncate">
                  {x}
                </span>
                <IconButton
                  icon="x"
                  size="s"
                  label={t('agent.voice.remove', { text: x })}
                  onClick={() => onChange(items.filter((y) => y !== x))}
                />
              </li>
            ))}
          </ul>
        ) : null}
        <div className="flex items-start gap-2">
          <Field label={label} error={bad ? wrong : undefined} className="max-w-100 flex-1">
            <Input
              value={value}
              dir="auto"
              maxLength={200}
              onKeyDown={hear}
              onChange={(ev) => {
                setBad(false);
                setValue(ev.target.value);
              }}
            />
          </Field>
          <Button icon="plus" className="mt-6" disabled={!value.trim()} onClick={add}>
            {t('agent.voice.add')}
          </Button>
        </div>
      </CardBody>
    </Card>
  );
}
