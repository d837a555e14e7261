import type { Check, Outcome, Rested, Tried } from '@core/ai.ts';
import { Chip, cn, Icon, type IconName, type Tone } from '@ui';
import type { ReactNode } from 'react';
import { failures, vendorName } from '../ai/vendor.ts';
import { type T, useText } from '../state/i18n.ts';

/** What a decision stood on; both a try and a stored decision have it. */
export type Grounds = {
  engine: '' | 'extractive' | 'model';
  vendor: string;
  model: string;
  language: string;
  topics: string[];
  special: string[];
  passages: Rested[];
  checks: Check[];
  confidence: number;
  limit?: number;
  mode?: Tried['mode'];
  mode_by?: Tried['mode_by'];
  ms: number;
  tokens_in: number;
  tokens_out: number;
  cents: number;
};

type Look = 'ok' | 'bad' | 'note';
const looks: Record<Look, { icon: IconName; ink: string }> = {
  ok: { icon: 'check', ink: 'text-ok' },
  bad: { icon: 'x', ink: 'text-warn' },
  note: { icon: 'info', ink: 'text-ink-3' },
};

function Line({ look, text, more }: { look: Look; text: ReactNode; more?: ReactNode }) {
  const { t } = useText();
  const { icon, ink } = looks[look];
  return (
    <li className="grid grid-cols-[18px_minmax(0,1fr)] gap-2 py-1.5">
      <Icon name={icon} className={cn('mt-0.5', ink)} />
      <div className="min-w-0 break-words">
        {text}
        {look === 'note' ? null : (
          <span className="sr-only">{look === 'ok' ? t('test.passed') : t('test.not_passed')}</span>
        )}
        {more ? <span className="block text-meta text-ink-3">{more}</span> : null}
      </div>
    </li>
  );
}

/** A check of what a model wrote; those that hold are told in one line. */
const isOfWords = (c: Check) => c.name.startsWith('answer_');

/** Every step from the question to the decision, with what passed and what did not. */
export function WhyList({ w }: { w: Grounds }) {
  const { t, format } = useText();
  const found = w.checks.find((c) => c.name === 'found');
  // Some questions are settled before anything is looked for.
  const searched = w.checks.length > 0 || w.passages.length > 0;
  const words = w.checks.filter(isOfWords);
  const held = words.filter((c) => c.ok);
  return (
    <ol>
      <Line
        look="note"
        text={t('test.language', { language: w.language ? format.language(w.language) : '–' })}
        more={
          w.topics.length || w.special.length ? (
            <>
              {w.topics.length
                ? t('why.topics', { topics: w.topics.map((x) => topicName(x, t)).join(', ') })
                : ''}
              {w.topics.length && w.special.length ? ' · ' : ''}
              {w.special.length
                ? t('why.special', { kinds: w.special.map((x) => specialName(x, t)).join(', ') })
                : ''}
            </>
          ) : undefined
        }
      />
      {searched ? (
        <Line
          look={found ? (found.ok ? 'ok' : 'bad') : w.passages.length ? 'ok' : 'bad'}
          text={t('test.found', { count: w.passages.length })}
          more={w.passages
            .filter((p) => p.heading || p.name)
            .slice(0, 3)
            .map((p) => `${p.heading || p.name} (${format.decimal(p.score)})`)
            .join(', ')}
        />
      ) : null}
      {w.engine ? (
        <Line
          look="note"
          text={
            w.engine === 'model'
              ? t('why.by_model', { vendor: vendorName(w.vendor, t), model: w.model || '–' })
              : t('why.by_quote')
          }
          more={
            w.engine === 'model'
              ? t('why.tokens', { n_in: format.number(w.tokens_in), n_out: format.number(w.tokens_out) })
              : t('why.no_call')
          }
        />
      ) : null}
      {w.checks
        .filter((c) => c.name !== 'found' && !(c.ok && isOfWords(c)))
        .map((c) => (
          <Line
            key={c.name}
            look={c.ok ? 'ok' : 'bad'}
            text={checkName(c.name, t)}
            more={
              c.limit
                ? t('test.check', { value: figure(c.value, format), limit: figure(c.limit, format) })
                : undefined
            }
          />
        ))}
      {held.length ? (
        <Line
          look="ok"
          text={t('why.held', { n: format.number(held.length), all: format.number(words.length) })}
          more={held.map((c) => checkName(c.name, t)).join(' · ')}
        />
      ) : null}
      {!searched ? null : w.limit ? (
        <Line
          look={w.confidence >= w.limit ? 'ok' : 'bad'}
          text={t(w.confidence >= w.limit ? 'why.above' : 'why.below', {
            value: format.decimal(w.confidence),
            limit: format.decimal(w.limit),
          })}
        />
      ) : (
        <Line look="note" text={t('why.confidence', { value: format.decimal(w.confidence) })} />
      )}
      {w.mode ? (
        <Line
          look="note"
          text={t('why.mode', { mode: t(`mode.${w.mode}`) })}
          more={w.mode_by ? t(`why.mode_by.${w.mode_by}`) : undefined}
        />
      ) : null}
    </ol>
  );
}

type Format = ReturnType<typeof useText>['format'];

const figure = (v: number, format: Format) => (Number.isInteger(v) ? format.number(v) : format.decimal(v));

export function duration(ms: number, t: T, format: Format): string {
  if (ms >= 1000) return t('why.seconds', { n: format.decimal(ms / 1000, 1) });
  return t('test.took', { ms: format.number(ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)) });
}

const topics = ['refund', 'complaint', 'legal', 'health'] as const;
function topicName(name: string, t: T): string {
  const known = topics.find((x) => x === name);
  return known ? t(`agent.topic.${known}`) : name;
}

const special = [
  'health',
  'religion',
  'politics',
  'sexual_life',
  'ethnic_origin',
  'union',
  'biometric',
  'genetic',
  'criminal',
] as const;
function specialName(name: string, t: T): string {
  const known = special.find((x) => x === name);
  return known ? t(`why.kind.${known}`) : name;
}

const before = ['confidence', 'coverage', 'number', 'chosen'] as const;
const after = [
  'shape',
  'canary',
  'prompt_leak',
  'placeholder',
  'promise',
  'asking',
  'passage',
  'quote',
  'figures',
  'links',
  'do_not_say',
  'language',
  'length',
  'left',
] as const;
const unasked = ['budget', 'unknown_budget', 'unsure', 'person', 'no_model', ...failures] as const;

/** A check by its machine word: the finder's own, one of a model's words, or why none were taken. */
function checkName(name: string, t: T): string {
  const first = before.find((c) => c === name);
  if (first) return t(`check.${first}`);
  const said = after.find((c) => name === `answer_${c}`);
  if (said) return t(`why.check.${said}`);
  const un = unasked.find((c) => name === `model_${c}`);
  if (un) return t('why.no_model', { reason: t(`why.unasked.${un}`) });
  if (name.startsWith('meaning_')) return t('why.words_alone');
  const failed = after.find((c) => name === `model_${c}`);
  return failed ? t('why.no_model', { reason: t(`why.check.${failed}`) }) : name;
}

const called = ['asked_for_person', 'no_answer', 'topic', 'error', 'low_confidence', 'off'] as const;
const reasons = [
  'greeting',
  'thanks',
  'turn_limit',
  'no_text',
  'mode_off',
  'below_confidence',
  'moved',
  'asked',
  'no_draft',
  'restricted',
  'window_closed',
  'closed',
  'paused',
  'taken_over',
  'suspended',
  'objected',
  'no_automation',
  'frozen',
  'channel_off',
] as const;

/** Why it came to this, in words where we have them. */
export function reasonText(reason: string, t: T): string {
  const person = called.find((r) => r === reason);
  if (person) return t(`hand_over.${person}`);
  const known = reasons.find((r) => r === reason);
  if (known) return t(`why.reason.${known}`);
  if (reason.startsWith('bot_')) return t('why.reason.bot');
  if (reason.startsWith('finder_')) return t('why.reason.finder');
  if (reason.startsWith('check_')) {
    const failed = after.find((c) => reason === `check_${c}`);
    return t('why.reason.check', { check: failed ? t(`why.check.${failed}`) : reason.slice(6) });
  }
  return reason;
}

const outcomes: Record<Outcome, { tone: Tone; icon: IconName }> = {
  sent: { tone: 'ok', icon: 'send' },
  drafted: { tone: 'ai', icon: 'pen' },
  handed_over: { tone: 'brand', icon: 'hand' },
  flagged: { tone: 'brand', icon: 'eye' },
  dropped: { tone: 'plain', icon: 'x' },
  nothing: { tone: 'plain', icon: 'moon' },
};

/** What becomes of an answer; `past` for one that was given. */
export function OutcomeChip({ outcome, past }: { outcome: string; past?: boolean }) {
  const { t } = useText();
  if (!(outcome in outcomes)) return null;
  const known = outcome as Outcome;
  return <Chip {...outcomes[known]}>{past ? t(`why.done.${known}`) : t(`why.outcome.${known}`)}</Chip>;
}
