import type { Topic } from '@core/ai.ts';
import { Button, Card, Dialog, Field, Icon, IconButton, Input, Textarea } from '@ui';
import { type FormEvent, useState } from 'react';
import { SaveOrLeave } from '../shell/save.tsx';
import { useText } from '../state/i18n.ts';
import { isBuiltIn, useTopicName } from './changes.tsx';
import { lines } from './lists.ts';
import { ModeChoice } from './modes.tsx';
import type { Editing } from './state.ts';

/** What the AI may do about a subject; the four that are sensitive are always there. */
export function TopicsCard({ e }: { e: Editing }) {
  const { t } = useText();
  const name = useTopicName();
  const [editing, setEditing] = useState<Topic | 'new' | null>(null);
  const { topics, rules } = e.mine.ai;
  const put = (old: Topic | 'new', next: Topic) => {
    const before = old === 'new' ? '' : old.name;
    e.set({
      topics: old === 'new' ? [...topics, next] : topics.map((x) => (x === old ? next : x)),
      // A rule names its topic: it follows.
      rules: before ? rules.map((r) => (r.topic === before ? { ...r, topic: next.name } : r)) : rules,
    });
  };
  const remove = (x: Topic) =>
    e.set({ topics: topics.filter((y) => y !== x), rules: rules.filter((r) => r.topic !== x.name) });
  return (
    <Card
      title={t('agent.topic.title')}
      text={t('agent.topic.text')}
      action={
        e.may ? (
          <Button size="s" icon="plus" onClick={() => setEditing('new')}>
            {t('agent.topic.add')}
          </Button>
        ) : null
      }
    >
      <ul>
        {topics.map((x) => {
          const shown = name(x.name);
          return (
            <li
              key={x.name}
              className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1.5 border-t border-line px-[18px] py-2"
            >
              <Icon name="tag" className="text-ink-3" />
              <span className="min-w-40 flex-1">
                <span dir="auto" className="block align-page font-medium">
                  {shown}
                </span>
                <span dir="auto" className="block align-page text-meta text-ink-3">
                  {isBuiltIn(x.name) ? t(`agent.topic.${x.name as 'legal'}_text`) : ''}
                  {isBuiltIn(x.name) && x.words.length ? ' ' : ''}
                  {x.words.length ? t('agent.topic.words_are', { words: x.words.join(', ') }) : ''}
                </span>
              </span>
              <span className="flex items-center gap-1">
                <ModeChoice
                  label={t('agent.how.mode_of', { where: shown })}
                  value={x.mode}
                  off={t('agent.topic.person')}
                  disabled={!e.may}
                  onChange={(mode) => put(x, { ...x, mode })}
                />
                {e.may ? (
                  <>
                    <IconButton
                      icon="pen"
                      size="s"
                      label={t('agent.topic.change_named', { name: shown })}
                      onClick={() => setEditing(x)}
                    />
                    {isBuiltIn(x.name) ? (
                      <span className="w-7 phone:hidden" />
                    ) : (
                      <IconButton
                        icon="trash"
                        size="s"
                        label={t('agent.topic.remove_named', { name: shown })}
                        onClick={() => remove(x)}
                      />
                    )}
                  </>
                ) : null}
              </span>
            </li>
          );
        })}
      </ul>
      {editing ? (
        <TopicDialog
          topic={editing === 'new' ? undefined : editing}
          taken={topics.filter((x) => x !== editing).map((x) => x.name.toLowerCase())}
          onClose={() => setEditing(null)}
          onDone={(next) => {
            put(editing, next);
            setEditing(null);
          }}
        />
      ) : null}
    </Card>
  );
}

function TopicDialog({
  topic,
  taken,
  onClose,
  onDone,
}: {
  topic: Topic | undefined;
  taken: string[];
  onClose: () => void;
  onDone: (t: Topic) => void;
}) {
  const { t } = useText();
  const shown = useTopicName();
  const fixed = topic !== undefined && isBuiltIn(topic.name);
  const [name, setName] = useState(topic?.name ?? '');
  const [words, setWords] = useState(topic?.words.join('\n') ?? '');
  const [wrong, setWrong] = useState<'' | 'name' | 'taken' | 'words'>('');
  const done = (e: FormEvent) => {
    e.preventDefault();
    e.stopPropagation();
    const next = { name: name.trim(), mode: topic?.mode ?? ('off' as const), words: lines(words) };
    const problem = !next.name
      ? 'name'
      : taken.includes(next.name.toLowerCase())
        ? 'taken'
        : next.words.length === 0 && !fixed
          ? 'words'
          : '';
    setWrong(problem);
    if (!problem) onDone(next);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={topic ? t('agent.topic.change_named', { name: shown(topic.name) }) : t('agent.topic.add')}
      closeLabel={t('app.close')}
    >
      <form onSubmit={done} className="flex flex-col gap-4">
        {fixed ? null : (
          <Field
            label={t('agent.topic.name')}
            error={wrong === 'name' || wrong === 'taken' ? t(`agent.topic.${wrong}_wrong`) : undefined}
          >
            <Input value={name} maxLength={64} dir="auto" onChange={(e) => setName(e.target.value)} />
          </Field>
        )}
        <Field
          label={t('agent.topic.words')}
          hint={fixed ? t('agent.topic.words_more') : t('agent.topic.words_text')}
          error={wrong === 'words' ? t('agent.topic.words_wrong') : undefined}
        >
          <Textarea value={words} rows={6} dir="auto" onChange={(e) => setWords(e.target.value)} />
        </Field>
        <SaveOrLeave label={topic ? t('app.done') : t('agent.topic.add')} onLeave={onClose} />
      </form>
    </Dialog>
  );
}
