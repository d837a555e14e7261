import type { Rule, When } from '@core/ai.ts';
import { spoken } from '@core/views.ts';
import { Banner, Dialog, Field, Input, Segmented, Select } from '@ui';
import { type FormEvent, useState } from 'react';
import { useKindName } from '../channels/kind.tsx';
import { SaveOrLeave } from '../shell/save.tsx';
import { useText } from '../state/i18n.ts';
import { useTopicName } from './changes.tsx';
import { ModeChoice } from './modes.tsx';
import { conditions } from './setup.ts';
import type { Editing } from './state.ts';

const fresh: Rule = {
  id: '',
  channel: '',
  account_id: '',
  topic: '',
  language: '',
  tag: '',
  hours: '',
  mode: 'draft',
};
const kinds = ['widget', 'instagram', 'messenger', 'whatsapp'];
const hours: When[] = ['', 'open', 'closed'];

/** A rule needs a condition, and no other may ask for exactly the same. */
export function ruleProblem(rule: Rule, others: Rule[]): 'empty' | 'twice' | '' {
  if (!rule.channel && !rule.account_id && !rule.topic && !rule.language && !rule.tag.trim() && !rule.hours) {
    return 'empty';
  }
  return others.some((o) => conditions(o) === conditions(rule)) ? 'twice' : '';
}

/** Where, when and about what the AI may go how far. */
export function RuleDialog({
  e,
  rule,
  onClose,
  onDone,
}: {
  e: Editing;
  rule: Rule | undefined;
  onClose: () => void;
  onDone: (rule: Rule) => void;
}) {
  const { t, format } = useText();
  const kindName = useKindName();
  const topicName = useTopicName();
  const [r, setR] = useState<Rule>(rule ?? fresh);
  const [wrong, setWrong] = useState<'empty' | 'twice' | ''>('');
  const set = (part: Partial<Rule>) => {
    setWrong('');
    setR((old) => ({ ...old, ...part }));
  };
  const { channels } = e.loaded;
  const place = r.account_id ? `account/${r.account_id}` : r.channel ? `kind/${r.channel}` : '';
  const move = (to: string) => {
    const [what, id = ''] = to.split('/');
    set({ channel: what === 'kind' ? id : '', account_id: what === 'account' ? id : '' });
  };
  const done = (ev: FormEvent) => {
    ev.preventDefault();
    ev.stopPropagation();
    const next = { ...r, tag: r.tag.trim() };
    const problem = ruleProblem(
      next,
      e.mine.ai.rules.filter((x) => x !== rule),
    );
    setWrong(problem);
    if (!problem) onDone(next);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={rule ? t('agent.rule.change') : t('agent.rule.add')}
      text={t('agent.rule.text')}
      closeLabel={t('app.close')}
    >
      <form onSubmit={done} className="flex flex-col gap-4">
        <div className="grid grid-cols-2 gap-x-4 gap-y-4 phone:grid-cols-1">
          <Field label={t('agent.rule.place')}>
            <Select value={place} onChange={(ev) => move(ev.target.value)}>
              <option value="">{t('agent.rule.any_place')}</option>
              {channels.length ? (
                <optgroup label={t('agent.rule.accounts')}>
                  {channels.map((c) => (
                    <option key={c.id} value={`account/${c.id}`}>
                      {c.name}
                    </option>
                  ))}
                </optgroup>
              ) : null}
              <optgroup label={t('agent.rule.kinds')}>
                {kinds.map((k) => (
                  <option key={k} value={`kind/${k}`}>
                    {t('agent.rule.every', { kind: kindName(k) })}
                  </option>
                ))}
              </optgroup>
            </Select>
          </Field>
          <Field label={t('agent.rule.topic')}>
            <Select value={r.topic} onChange={(ev) => set({ topic: ev.target.value })}>
              <option value="">{t('agent.rule.any_topic')}</option>
              {e.mine.ai.topics.map((x) => (
                <option key={x.name} value={x.name}>
                  {topicName(x.name)}
                </option>
              ))}
            </Select>
          </Field>
          <Field label={t('agent.rule.language')}>
            <Select value={r.language} onChange={(ev) => set({ language: ev.target.value })}>
              <option value="">{t('agent.rule.any_language')}</option>
              {spoken.map((l) => (
                <option key={l} value={l}>
                  {format.language(l)}
                </option>
              ))}
            </Select>
          </Field>
          <Field label={t('agent.rule.tag')} hint={t('agent.rule.tag_text')}>
            <Input value={r.tag} maxLength={64} dir="auto" onChange={(ev) => set({ tag: ev.target.value })} />
          </Field>
        </div>
        <div className="flex flex-col items-start gap-1">
          <span className="font-medium">{t('agent.how.when')}</span>
          <Segmented<'always' | 'open' | 'closed'>
            label={t('agent.how.when')}
            value={r.hours || 'always'}
            onChange={(v) => set({ hours: v === 'always' ? '' : v })}
            choices={hours.map((h) => ({ value: h || 'always', label: t(`agent.when.${h || 'always'}`) }))}
          />
        </div>
        <div className="flex flex-col items-start gap-1">
          <span className="font-medium">{t('agent.how.mode')}</span>
          <ModeChoice label={t('agent.how.mode')} value={r.mode} onChange={(mode) => set({ mode })} />
          <p className="text-meta text-ink-3">{t(`ai.${r.mode}_text`)}</p>
        </div>
        {wrong ? (
          <Banner tone="bad" icon="alert" box role="alert">
            {t(`agent.rule.${wrong}`)}
          </Banner>
        ) : null}
        <SaveOrLeave label={rule ? t('app.done') : t('agent.rule.add')} onLeave={onClose} />
      </form>
    </Dialog>
  );
}
