import type { Conversation } from '@core/types.ts';
import { Avatar, Chip, cn, Icon, type IconName, type Tone } from '@ui';
import { type T, useText } from '../state/i18n.ts';

export type Mark = { text: string; tone: Tone; icon?: IconName };

const handOver: Record<string, { tone: Tone; icon: IconName }> = {
  asked_for_person: { tone: 'brand', icon: 'hand' },
  topic: { tone: 'bad', icon: 'shield' },
  no_answer: { tone: 'ai', icon: 'spark' },
  low_confidence: { tone: 'ai', icon: 'spark' },
  error: { tone: 'bad', icon: 'alert' },
  off: { tone: 'plain', icon: 'pause' },
};

const badges: Record<string, IconName> = { instagram: 'camera', messenger: 'page', whatsapp: 'wa' };

export function handOverText(t: T, reason: string): string {
  return reason in handOver ? t(`hand_over.${reason as 'topic'}`) : t('hand_over.other');
}

/** Why this row is here, in a few small words. */
export function marks(c: Conversation, t: T, me: string): Mark[] {
  const found: Mark[] = [];
  for (const need of c.needs) {
    if (need === 'draft_ready') found.push({ text: t('need.draft_ready'), tone: 'ai', icon: 'spark' });
    else if (need === 'failed_send') found.push({ text: t('need.failed_send'), tone: 'bad', icon: 'alert' });
    else if (need === 'unanswered') found.push({ text: t('need.unanswered'), tone: 'warn', icon: 'clock' });
    else if (need === 'handed_over') {
      const reason = c.hand_over?.reason ?? '';
      found.push({ text: handOverText(t, reason), ...(handOver[reason] ?? { tone: 'brand', icon: 'hand' }) });
    }
  }
  if (c.paused) found.push({ text: t('need.paused'), tone: 'plain', icon: 'pause' });
  if (c.owner.kind === 'member') {
    found.push({
      text: c.owner.id === me ? t('inbox.you') : c.owner.name || t('owner.elsewhere'),
      tone: 'plain',
      icon: 'user',
    });
  } else if (c.owner.kind === 'ai' && found.length === 0 && c.state === 'open') {
    found.push({ text: t('inbox.ai_handles'), tone: 'ai', icon: 'spark' });
  }
  for (const label of c.labels) found.push({ text: label, tone: 'plain', icon: 'tag' });
  return found;
}

/** The exact height of a row, so that nothing has to be measured while scrolling. */
export function rowHeight(c: Conversation, hasMarks: boolean): number {
  return 23 + 20 + (c.subject ? 20 : 0) + 20 + (hasMarks ? 26 : 0);
}

export type RowProps = {
  c: Conversation;
  marks: Mark[];
  now: Date;
  open: boolean;
  cursor: boolean;
  ticked: boolean;
  ticking: boolean;
};

/** One conversation in the list. */
export function ConversationRow({ c, marks: found, now, open, cursor, ticked, ticking }: RowProps) {
  const { t, format, language } = useText();
  const name = c.contact.name || t('contact.visitor');
  const unread = c.unread > 0;
  const p = c.preview;
  const who =
    p?.author_kind === 'ai'
      ? t('inbox.ai_prefix')
      : p?.author_kind === 'member'
        ? t('inbox.team_prefix')
        : '';
  return (
    <div
      className={cn(
        'relative grid h-full grid-cols-[32px_minmax(0,1fr)] gap-2.5 border-b border-line py-[11px] ps-3.5 pe-4',
        open || ticked ? 'bg-brand-soft' : 'group-hover:bg-sunken',
        open && 'before:absolute before:inset-y-0 before:start-0 before:w-[3px] before:bg-brand',
        cursor && 'group-focus-visible/list:shadow-[inset_0_0_0_2px_var(--brand)]',
      )}
    >
      {ticking ? (
        <span
          aria-hidden="true"
          className={cn(
            'grid size-8 place-items-center rounded-[10px] border',
            ticked ? 'border-brand bg-brand text-on-brand' : 'border-line-2 bg-surface',
          )}
        >
          {ticked ? <Icon name="check" /> : null}
        </span>
      ) : (
        <Avatar
          name={c.contact.name}
          seed={c.contact.id}
          badge={badges[c.channel.kind] ?? 'chat'}
          locale={language}
        />
      )}
      <div className="min-w-0">
        <div className="flex items-baseline gap-2">
          <span dir="auto" className={cn('truncate', unread ? 'weight-650' : 'font-medium')}>
            {name}
          </span>
          {unread ? (
            <>
              <span aria-hidden="true" className="size-[7px] flex-none self-center rounded-full bg-brand" />
              <span className="sr-only">{t('inbox.unread', { count: c.unread })}</span>
            </>
          ) : null}
          <time dateTime={c.updated_at} className="num ms-auto flex-none text-meta text-ink-3">
            {format.ago(c.updated_at, now)}
          </time>
        </div>
        {c.subject ? (
          <div dir="auto" className={cn('truncate align-page', unread && 'weight-650')}>
            {c.subject}
          </div>
        ) : null}
        <div className="flex gap-1 text-ink-3">
          {who ? <span className="flex-none">{who}</span> : null}
          <span dir="auto" className="min-w-0 flex-1 truncate align-page">
            {p?.text || t('inbox.no_text')}
          </span>
        </div>
        {found.length ? (
          <div className="mt-1.5 flex h-5 items-center gap-[5px] overflow-hidden">
            {found.map((m) => (
              <Chip key={m.text} tone={m.tone} icon={m.icon} className="flex-none">
                {m.text}
              </Chip>
            ))}
          </div>
        ) : null}
      </div>
    </div>
  );
}
