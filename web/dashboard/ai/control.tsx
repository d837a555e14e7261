import type { Rule } from '@core/ai.ts';
import { Link } from '@tanstack/react-router';
import { Banner, Button, Card, cn, Icon, IconButton, type IconName, Progress } from '@ui';
import { type ReactNode, useState } from 'react';
import { useNow } from '../state/box.ts';
import { useText } from '../state/i18n.ts';
import { useRuleText } from './changes.tsx';
import { Confidence } from './confidence.tsx';
import { isSet } from './hours.ts';
import { HoursCard } from './hourscard.tsx';
import { InheritedMode, kindIcons, ModeChoice } from './modes.tsx';
import { money } from './money.ts';
import { RuleDialog } from './rule.tsx';
import { conditions } from './setup.ts';
import type { Editing } from './state.ts';
import { TopicsCard } from './topics.tsx';
import { useWho } from './who.ts';

/** How far the AI may go, where and when. */
export function Control({ e }: { e: Editing }) {
  return (
    <>
      <Today e={e} />
      <HowMuch e={e} />
      <Confidence e={e} />
      <TopicsCard e={e} />
      <HoursCard e={e} />
      <Guardrails />
    </>
  );
}

function Figure({ name, value, children }: { name: string; value: ReactNode; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col border-line px-[18px] py-3.5 not-first:border-s phone:not-first:border-s-0 phone:nth-[n+3]:border-t phone:even:border-s">
      <dt className="text-meta text-ink-3">{name}</dt>
      <dd>
        <b className="num block truncate text-[22px] leading-7 tracking-[-0.02em] weight-650">{value}</b>
        <span className="block text-meta text-ink-3">{children}</span>
      </dd>
    </div>
  );
}

/** What was spent today, who writes, and which settings hold. */
function Today({ e }: { e: Editing }) {
  const { t, format } = useText();
  const now = useNow();
  const who = useWho();
  const { state } = e.loaded;
  const { settings: s } = state;
  const part = (spent: number, limit: number) =>
    limit > 0 ? (
      <span className="mt-1.5 block">
        <Progress label={t('agent.today.part')} part={Math.min(1, spent / limit)} />
      </span>
    ) : null;
  return (
    <dl className="mb-5 grid grid-cols-4 rounded-large border border-line bg-surface phone:grid-cols-2">
      <Figure
        name={t('agent.today.engine')}
        value={s.provider ? t(`agent.vendor.${s.provider}`) : t('agent.today.quotes')}
      >
        {s.provider
          ? s.purposes.length
            ? s.models[s.provider] || t('agent.today.no_model')
            : t('agent.today.no_purpose')
          : t('agent.today.nothing_leaves')}
      </Figure>
      <Figure name={t('agent.today.tokens')} value={format.number(state.tokens_today)}>
        {s.tokens_per_day
          ? t('agent.today.of', { limit: format.number(s.tokens_per_day) })
          : t('agent.limit.none')}
        {part(state.tokens_today, s.tokens_per_day)}
      </Figure>
      <Figure name={t('agent.today.money')} value={money(state.cents_today, format.locale)}>
        {s.cents_per_day
          ? t('agent.today.of', { limit: money(s.cents_per_day, format.locale) })
          : t('agent.limit.none')}
        {part(state.cents_today, s.cents_per_day)}
      </Figure>
      <Figure
        name={t('agent.today.version')}
        value={s.version ? format.number(s.version) : t('agent.today.first')}
      >
        {s.at ? (
          <>
            {format.agoInWords(s.at, now)}
            {who(s.by) ? ` · ${who(s.by)}` : ''}
          </>
        ) : (
          t('agent.today.untouched')
        )}
      </Figure>
    </dl>
  );
}

const head = 'px-[18px] pb-1.5 text-start text-meta weight-550 text-ink-3';
const narrow = 'max-[900px]:block max-[900px]:w-auto';
const cell = 'px-[18px] py-2 max-[900px]:py-1';

function Line({
  icon,
  where,
  note,
  when,
  children,
}: {
  icon: IconName;
  where: ReactNode;
  note?: ReactNode;
  /** '' = always. */
  when: string;
  children: ReactNode;
}) {
  const { t } = useText();
  return (
    <tr className={cn('h-12 border-t border-line max-[900px]:h-auto max-[900px]:py-1.5', narrow)}>
      <td className={cn(cell, narrow)}>
        <span className="flex min-w-0 items-center gap-2.5">
          <Icon name={icon} className="text-ink-3" />
          <span className="min-w-0">
            <span dir="auto" className="block align-page font-medium break-words">
              {where}
            </span>
            {note ? <span className="block text-meta text-ink-3">{note}</span> : null}
          </span>
        </span>
      </td>
      <td
        className={cn(cell, narrow, 'w-36 text-ink-3 max-[900px]:ps-[44px]', !when && 'max-[900px]:hidden')}
      >
        {when || t('agent.when.always')}
      </td>
      <td className={cn(cell, narrow, 'w-px max-[900px]:ps-[40px]')}>
        <span className="flex items-center gap-1">{children}</span>
      </td>
    </tr>
  );
}

function HowMuch({ e }: { e: Editing }) {
  const { t } = useText();
  const { mine, may, loaded } = e;
  const text = useRuleText(loaded);
  const [editing, setEditing] = useState<Rule | 'new' | null>(null);
  const needsHours = mine.ai.rules.some((r) => r.hours) && !isSet(mine.ai.hours);
  const put = (old: Rule | 'new', next: Rule) =>
    e.set({
      rules: old === 'new' ? [...mine.ai.rules, next] : mine.ai.rules.map((r) => (r === old ? next : r)),
    });
  return (
    <Card
      title={t('agent.how.title')}
      text={t('agent.how.text')}
      action={
        may ? (
          <Button size="s" icon="plus" onClick={() => setEditing('new')}>
            {t('agent.rule.add')}
          </Button>
        ) : null
      }
    >
      <table className={cn('w-full border-collapse', narrow)}>
        <thead className="max-[900px]:sr-only">
          <tr>
            {(['where', 'when', 'mode'] as const).map((h) => (
              <th key={h} scope="col" className={head}>
                {t(`agent.how.${h}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className={narrow}>
          <Line icon="spark" where={t('agent.how.workspace')} note={t('agent.how.workspace_text')} when="">
            <ModeChoice
              label={t('agent.how.mode_of', { where: t('agent.how.workspace') })}
              value={mine.mode}
              disabled={!may}
              onChange={(mode) => e.edit((s) => ({ ...s, mode }))}
            />
          </Line>
          {loaded.channels.map((c) => (
            <Line
              key={c.id}
              icon={kindIcons[c.kind] ?? 'chat'}
              where={c.name}
              note={c.paused ? t('need.paused') : undefined}
              when=""
            >
              <InheritedMode
                label={t('agent.how.mode_of', { where: c.name })}
                value={mine.accounts[c.id] ?? ''}
                disabled={!may}
                onChange={(mode) => e.edit((s) => ({ ...s, accounts: { ...s.accounts, [c.id]: mode } }))}
              />
            </Line>
          ))}
          {mine.ai.rules.map((r) => {
            const { where, when } = text(r);
            const kind = r.channel || loaded.channels.find((c) => c.id === r.account_id)?.kind;
            const icon =
              r.topic || r.tag ? 'tag' : kind ? (kindIcons[kind] ?? 'chat') : r.language ? 'globe' : 'clock';
            return (
              <Line key={conditions(r)} icon={icon} where={where} when={r.hours ? when : ''}>
                <ModeChoice
                  label={t('agent.how.mode_of', { where: `${where}, ${when}` })}
                  value={r.mode}
                  disabled={!may}
                  onChange={(mode) => put(r, { ...r, mode })}
                />
                {may ? (
                  <>
                    <IconButton
                      icon="pen"
                      size="s"
                      label={t('agent.rule.change_named', { where })}
                      onClick={() => setEditing(r)}
                    />
                    <IconButton
                      icon="trash"
                      size="s"
                      label={t('agent.rule.remove_named', { where })}
                      onClick={() => e.set({ rules: mine.ai.rules.filter((x) => x !== r) })}
                    />
                  </>
                ) : null}
              </Line>
            );
          })}
        </tbody>
      </table>
      {needsHours ? (
        <div className="px-[18px] pb-3.5">
          <Banner tone="warn" icon="clock" box>
            {t('agent.rule.no_hours')}
          </Banner>
        </div>
      ) : null}
      {editing ? (
        <RuleDialog
          e={e}
          rule={editing === 'new' ? undefined : editing}
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

const rails: {
  name: 'source' | 'figures' | 'person' | 'mask' | 'act' | 'people' | 'loop';
  icon: IconName;
}[] = [
  { name: 'source', icon: 'book' },
  { name: 'figures', icon: 'check' },
  { name: 'person', icon: 'hand' },
  { name: 'people', icon: 'user' },
  { name: 'act', icon: 'lock' },
  { name: 'mask', icon: 'shield' },
  { name: 'loop', icon: 'refresh' },
];

/** What always holds: nothing here can be switched off, so nothing here looks like a switch. */
function Guardrails() {
  const { t } = useText();
  return (
    <Card title={t('agent.rail.title')} text={t('agent.rail.text')}>
      <ul className="pb-1.5">
        {rails.map((r) => (
          <li
            key={r.name}
            className="grid grid-cols-[20px_minmax(0,1fr)_auto] gap-3 border-t border-line px-[18px] py-2.5"
          >
            <Icon name={r.icon} className="mt-0.5 text-ink-3" />
            <div>
              <b className="font-semibold">{t(`agent.rail.${r.name}`)}</b>
              <p className="text-ink-3">{t(`agent.rail.${r.name}_text`)}</p>
            </div>
            <span className="inline-flex items-center gap-1 self-start text-meta weight-550 text-ok">
              <Icon name="check" size={14} />
              {t('agent.rail.always')}
            </span>
          </li>
        ))}
      </ul>
      <p className="border-t border-line px-[18px] py-3 text-ink-3">
        {t('agent.rail.wrong')}{' '}
        <Link
          to="/ai/{-$tab}"
          params={{ tab: 'actions' }}
          className="font-medium text-brand-ink underline underline-offset-2"
        >
          {t('agent.rail.more')}
        </Link>
      </p>
    </Card>
  );
}
