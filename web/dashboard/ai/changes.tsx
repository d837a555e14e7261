import type { AISettings, Hours, Rule, Topic, Vendor } from '@core/ai.ts';
import type { Mode } from '@core/types.ts';
import { Icon } from '@ui';
import { useKindName } from '../channels/kind.tsx';
import { useText } from '../state/i18n.ts';
import { clock, days, weekday } from './hours.ts';
import { money } from './money.ts';
import type { Change, Meanwhile } from './setup.ts';
import type { Loaded } from './state.ts';

const builtIn = ['refund', 'complaint', 'legal', 'health'] as const;

/** The name of a topic: the four that are always there have one in each language. */
export function useTopicName() {
  const { t } = useText();
  return (name: string) => {
    const known = builtIn.find((b) => b === name);
    return known ? t(`agent.topic.${known}`) : name;
  };
}

export const isBuiltIn = (name: string) => (builtIn as readonly string[]).includes(name);

/** What a rule asks for, in words: where it holds and when. */
export function useRuleText(loaded: Loaded) {
  const { t, format } = useText();
  const kind = useKindName();
  const topic = useTopicName();
  return (r: Rule) => {
    const account = loaded.channels.find((c) => c.id === r.account_id)?.name;
    const where = [
      r.account_id ? (account ?? t('agent.rule.gone')) : r.channel ? kind(r.channel) : '',
      r.topic ? t('agent.rule.on_topic', { topic: topic(r.topic) }) : '',
      r.language ? t('agent.rule.in_language', { language: format.language(r.language) }) : '',
      r.tag ? t('agent.rule.with_tag', { tag: r.tag }) : '',
    ].filter(Boolean);
    return {
      where: where.join(' · ') || t('agent.rule.anywhere'),
      when: t(`agent.when.${r.hours || 'always'}`),
    };
  };
}

function useShown(loaded: Loaded) {
  const { t, format } = useText();
  const rule = useRuleText(loaded);
  const week = (h: Hours) =>
    days
      .filter((d) => (h.week[d] ?? []).length)
      .map(
        (d) =>
          `${weekday(d, format.locale)} ${(h.week[d] ?? []).map((s) => `${clock(s.from)}–${clock(s.to)}`).join(', ')}`,
      )
      .join('; ');
  return (c: Change, v: unknown): string => {
    if (v === undefined || v === '') return t('agent.change.nothing');
    switch (c.field) {
      case 'provider':
      case 'fallback':
        return t(`agent.vendor.${v as Vendor}`);
      case 'tone':
        return t(`agent.tone.${v as 'warm'}`);
      case 'cents_per_day':
        return Number(v) === 0 ? t('agent.limit.none') : money(Number(v), format.locale);
      case 'tokens_per_day':
        return Number(v) === 0 ? t('agent.limit.none') : format.number(Number(v));
      case 'confidence':
      case 'temperature':
        return format.decimal(Number(v));
      case 'purposes':
        return t(`agent.purpose.${v as 'reply'}`);
      case 'meaning': {
        const m = v as AISettings['meaning'];
        return m.model || t('agent.change.nothing');
      }
      case 'languages':
        return format.language(String(v));
      case 'topics':
        return (
          t(`mode.${(v as Topic).mode}`) +
          ((v as Topic).words.length ? ` (${(v as Topic).words.join(', ')})` : '')
        );
      case 'rules': {
        const { where, when } = rule(v as Rule);
        return `${where}, ${when}: ${t(`mode.${(v as Rule).mode}`)}`;
      }
      case 'hours':
        return week(v as Hours) || t('agent.change.nothing');
      case 'mode':
      case 'accounts':
        return t(`mode.${v as Mode}`);
      default:
        return typeof v === 'number' ? format.number(v) : String(v);
    }
  };
}

/** Changes one under the other: what, from what, to what. */
export function ChangeList({
  changes,
  loaded,
  short,
}: {
  changes: (Change | Meanwhile)[];
  loaded: Loaded;
  /** Long texts are named, not shown. */
  short?: boolean;
}) {
  const { t } = useText();
  const topic = useTopicName();
  const shown = useShown(loaded);
  const name = (c: Change) => {
    const what = t(`agent.field.${c.field}`);
    if (c.field === 'topics') return `${what}: ${topic(c.item)}`;
    if (c.field === 'models') return `${what}: ${t(`agent.vendor.${c.item as Vendor}`)}`;
    if (c.field === 'accounts') return loaded.channels.find((x) => x.id === c.item)?.name ?? what;
    return what;
  };
  return (
    <ul className="flex flex-col gap-1">
      {changes.map((c) => {
        const one = c.before === undefined || c.after === undefined;
        const icon = c.before === undefined ? 'plus' : c.after === undefined ? 'x' : 'pen';
        const long = c.field === 'instructions';
        return (
          <li key={`${c.field}/${c.item}`} className="flex gap-2">
            <Icon name={icon} size={14} className="mt-[3px] opacity-70" />
            <span className="min-w-0 break-words">
              <b className="font-semibold">{name(c)}</b>{' '}
              <span className="sr-only">
                {one ? t(`agent.change.${c.before === undefined ? 'added' : 'removed'}`) : ''}{' '}
              </span>
              {long && short ? null : one ? (
                <span dir="auto">{shown(c, c.after ?? c.before)}</span>
              ) : long ? (
                <LongChange before={shown(c, c.before)} after={shown(c, c.after)} />
              ) : (
                <>
                  <span dir="auto">{shown(c, c.before)}</span> → <span dir="auto">{shown(c, c.after)}</span>
                </>
              )}
              {'kept' in c && c.kept ? <i className="block">{t('agent.save.kept')}</i> : null}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function LongChange({ before, after }: { before: string; after: string }) {
  const { t } = useText();
  const sheet =
    'mt-1 rounded-medium border border-line bg-sunken px-2.5 py-1.5 whitespace-pre-wrap text-start';
  return (
    <span className="mt-1 grid gap-2 min-[700px]:grid-cols-2">
      {[before, after].map((text, i) => (
        <span key={i === 0 ? 'before' : 'after'}>
          <span className="text-meta text-ink-3">
            {t(i === 0 ? 'agent.change.before' : 'agent.change.after')}
          </span>
          <span dir="auto" className={`block ${sheet}`}>
            {text}
          </span>
        </span>
      ))}
    </span>
  );
}
