import type { Pending } from '@core/outbox.ts';
import type { Conversation, Message, MessageStatus } from '@core/types.ts';
import { Avatar, Button, cn, Icon, type IconName, Spinner } from '@ui';
import { memo, type ReactNode } from 'react';
import { problemText } from '../state/desk.tsx';
import { type T, useText } from '../state/i18n.ts';
import { Rich } from './rich.tsx';
import { handOverText } from './row.tsx';
import { Sources } from './sources.tsx';

const eventIcons: Record<string, IconName> = {
  take_over: 'user',
  hand_back: 'spark',
  hand_over: 'hand',
  closed: 'check',
  reopened: 'refresh',
  assigned: 'user',
  mode: 'spark',
  paused: 'pause',
  resumed: 'play',
  snoozed: 'clock',
  ended: 'out',
};

function eventText(m: Message, t: T): string {
  const { kind, reason = '', by = '' } = m.event ?? { kind: '' };
  const name = m.author.name || by || t('inbox.somebody');
  if (kind === 'hand_over') return t('event.hand_over', { reason: handOverText(t, reason) });
  if (kind === 'mode') {
    const known = reason === 'off' || reason === 'draft' || reason === 'autopilot';
    return known ? t('event.mode_to', { name, mode: t(`mode.${reason}`) }) : t('event.mode', { name });
  }
  if (kind in eventIcons) return t(`event.${kind as 'closed'}`, { name });
  return t('event.other', { name });
}

/** A line about something that happened: nobody said it. */
export function EventLine({ m }: { m: Message }) {
  const { t, format } = useText();
  return (
    <div className="flex items-center gap-2 ps-1 text-meta text-ink-3">
      <Icon name={eventIcons[m.event?.kind ?? ''] ?? 'info'} size={14} />
      <span>
        {eventText(m, t)} · <time dateTime={m.at}>{format.time(m.at)}</time>
      </span>
    </div>
  );
}

/** A note for colleagues, on yellow paper; the contact never sees it. */
export function NotePaper({ name, at, children }: { name: string; at: ReactNode; children: ReactNode }) {
  const { t } = useText();
  return (
    <div className="max-w-160 rounded-[10px] border border-note-line bg-note px-3 py-[9px]">
      <div className="flex items-center gap-1.5 text-meta weight-550 text-note-ink">
        <Icon name="lock" size={13} />
        <span>
          {t('note.by', { name })} · {at}
        </span>
      </div>
      <div className="mt-0.5">{children}</div>
    </div>
  );
}

const statusIcons: Partial<Record<MessageStatus, IconName>> = {
  sent: 'check',
  delivered: 'double',
  read: 'double',
  failed: 'alert',
  unknown: 'info',
  cancelled: 'x',
};

function Status({ status }: { status: MessageStatus }) {
  const { t } = useText();
  const icon = statusIcons[status];
  return (
    <span
      className={cn(
        'inline-flex items-center gap-1',
        status === 'failed' && 'text-bad',
        status === 'read' && 'text-brand-ink',
      )}
    >
      {icon ? <Icon name={icon} size={13} /> : null}
      {t(`status.${status}`)}
    </span>
  );
}

function Frame({
  face,
  name,
  meta,
  ai,
  children,
}: {
  face: ReactNode;
  name: string;
  meta: ReactNode;
  ai?: boolean;
  children: ReactNode;
}) {
  return (
    <article className="grid max-w-160 grid-cols-[24px_minmax(0,1fr)] gap-2.5">
      {face}
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-[7px] text-meta text-ink-3">
          <b className="text-ui font-semibold text-ink">
            <bdi>{name}</bdi>
          </b>
          {meta}
        </div>
        <div className={cn('mt-[3px]', ai && 'border-s-2 border-ai ps-[11px]')}>{children}</div>
      </div>
    </article>
  );
}

/** One message as it stands with the server. */
export const MessageItem = memo(function MessageItem({
  m,
  c,
  first,
  onRetry,
  onCopy,
}: {
  m: Message;
  c: Conversation;
  first: boolean;
  onRetry: (m: Message) => void;
  onCopy: (text: string) => void;
}) {
  const { t, format, language } = useText();
  if (m.kind === 'event') return <EventLine m={m} />;
  const time = <time dateTime={m.at}>{format.time(m.at)}</time>;
  const theirs = m.author.kind === 'contact';
  const name =
    m.author.name || (theirs ? c.contact.name || t('contact.visitor') : t(`author.${m.author.kind}`));
  if (m.kind === 'note') {
    return (
      <NotePaper name={name} at={time}>
        <Rich body={m.body} />
      </NotePaper>
    );
  }
  const ai = m.author.kind === 'ai';
  const out = m.direction === 'out';
  return (
    <Frame
      ai={ai}
      name={ai ? t('author.ai') : name}
      face={
        <Avatar bot={ai} name={name} seed={theirs ? c.contact.id : m.author.id} size="s" locale={language} />
      }
      meta={
        <>
          <span>
            {first && !out ? `${c.channel.name} · ` : ''}
            {time}
            {m.ai?.approved_by
              ? ` · ${t('message.approved', { name: m.ai.approved_by.name || t('author.member') })}`
              : ''}
          </span>
          {out ? <Status status={m.status} /> : null}
        </>
      }
    >
      {m.deleted ? (
        <p className="text-ink-3 italic">{t('message.deleted')}</p>
      ) : (
        <>
          {m.body ? (
            <Rich body={m.body} sources={m.ai?.sources} />
          ) : (
            <p className="text-ink-3 italic">{t('message.unsupported')}</p>
          )}
          {m.buttons.length ? (
            <ul aria-label={t('message.buttons')} className="mt-1.5 flex flex-wrap gap-1.5">
              {m.buttons.map((b) => (
                <li
                  key={b.id}
                  dir="auto"
                  className="rounded-medium border border-line px-2 py-0.5 text-meta font-medium text-ink-2"
                >
                  {b.label}
                </li>
              ))}
            </ul>
          ) : null}
          <Sources sources={m.ai?.sources ?? []} className="mt-[7px]" />
          {m.status === 'failed' ? (
            <Failed
              text={m.error?.text || t('message.failed')}
              onRetry={() => onRetry(m)}
              onCopy={() => onCopy(m.body)}
            />
          ) : null}
        </>
      )}
    </Frame>
  );
});

function Failed({
  text,
  onRetry,
  onCopy,
  onDrop,
}: {
  text: string;
  onRetry: () => void;
  onCopy: () => void;
  onDrop?: () => void;
}) {
  const { t } = useText();
  return (
    <div
      role="alert"
      className="mt-2 flex flex-wrap items-center gap-x-2 gap-y-1 rounded-medium bg-bad-soft px-2.5 py-1.5"
    >
      <Icon name="alert" size={14} className="text-bad" />
      <span className="min-w-40 flex-1 text-bad">{text}</span>
      <Button size="s" kind="ghost" icon="refresh" onClick={onRetry}>
        {t('message.retry')}
      </Button>
      <Button size="s" kind="ghost" icon="copy" onClick={onCopy}>
        {t('app.copy')}
      </Button>
      {onDrop ? (
        <Button size="s" kind="ghost" icon="trash" onClick={onDrop}>
          {t('app.remove')}
        </Button>
      ) : null}
    </div>
  );
}

/** What one has sent and the server has not confirmed. */
export function PendingItem({
  p,
  me,
  onRetry,
  onCopy,
  onDrop,
}: {
  p: Pending;
  me: { id: string; name: string };
  onRetry: () => void;
  onCopy: () => void;
  onDrop: () => void;
}) {
  const { t, format, language } = useText();
  const state =
    p.state === 'sending' ? (
      <span className="inline-flex items-center gap-1">
        <Spinner /> {t('status.sending')}
      </span>
    ) : p.state === 'queued' ? (
      <span className="inline-flex items-center gap-1 text-warn">
        <Icon name="clock" size={13} /> {t('message.waits')}
      </span>
    ) : (
      <Status status="failed" />
    );
  const failed =
    p.state === 'failed' ? (
      <Failed text={problemText(t, p.error)} onRetry={onRetry} onCopy={onCopy} onDrop={onDrop} />
    ) : null;
  if (p.kind === 'note') {
    return (
      <NotePaper name={me.name} at={state}>
        <Rich body={p.body} />
        {failed}
      </NotePaper>
    );
  }
  return (
    <Frame
      name={me.name}
      face={<Avatar name={me.name} seed={me.id} size="s" locale={language} />}
      meta={
        <>
          <time dateTime={p.at}>{format.time(p.at)}</time>
          {state}
        </>
      }
    >
      <Rich body={p.body} />
      {failed}
    </Frame>
  );
}
