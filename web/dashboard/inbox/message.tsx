import type { Pending } from '@core/outbox.ts';
import type { Conversation, Message } from '@core/types.ts';
import { Avatar, Chip, cn, Icon, IconButton, type IconName, Spinner } from '@ui';
import { memo, type ReactNode } from 'react';
import { problemText } from '../state/desk.tsx';
import { type T, useText } from '../state/i18n.ts';
import { Rich } from './rich.tsx';
import { handOverText } from './row.tsx';
import { type Doing, Said } from './said.tsx';
import { Failed, Status } from './status.tsx';
import { WhyButton } from './whybutton.tsx';

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
  person_wanted: 'hand',
  new_id: 'user',
  thread_away: 'pause',
  thread_back: 'play',
};

function eventText(m: Message, t: T): string {
  const { kind, reason = '', by = '' } = m.event ?? { kind: '' };
  const name = m.author.name || by || t('inbox.somebody');
  // Where the AI may not speak nobody was promised a person, so nobody was called.
  if (kind === 'hand_over' && reason === 'off') return handOverText(t, reason);
  if (kind === 'hand_over') return t('event.hand_over', { reason: handOverText(t, reason) });
  if (kind === 'mode') {
    const known = reason === 'off' || reason === 'draft' || reason === 'autopilot';
    return known ? t('event.mode_to', { name, mode: t(`mode.${reason}`) }) : t('event.mode', { name });
  }
  if (kind in eventIcons) return t(`event.${kind as 'closed'}`, { name });
  return t('event.other', { name });
}

const onHover =
  '-my-1.5 opacity-0 group-hover/message:opacity-100 focus-visible:opacity-100 phone:opacity-100 [@media(hover:none)]:opacity-100';

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

function Frame({
  id,
  face,
  name,
  meta,
  action,
  ai,
  children,
}: {
  id?: string;
  face: ReactNode;
  name: string;
  meta: ReactNode;
  /** A button after the line, which never breaks it. */
  action?: ReactNode;
  ai?: boolean;
  children: ReactNode;
}) {
  return (
    <article
      {...(id ? { id: `message-${id}`, tabIndex: -1 } : {})}
      className="group/message grid max-w-160 grid-cols-[24px_minmax(0,1fr)] gap-2.5 rounded-medium scroll-my-16 data-[found]:bg-brand-soft data-[found]:shadow-[0_0_0_8px_var(--brand-soft)]"
    >
      {face}
      <div className="min-w-0">
        <div className="flex items-center gap-1">
          <div className="flex min-w-0 flex-wrap items-center gap-x-[7px] text-meta text-ink-3">
            <b className="text-ui font-semibold text-ink">
              <bdi>{name}</bdi>
            </b>
            {meta}
          </div>
          {action}
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
  ...doing
}: { m: Message; c: Conversation; first: boolean } & Doing) {
  const { t, format, language } = useText();
  if (m.kind === 'event') return <EventLine m={m} />;
  const time = <time dateTime={m.at}>{format.time(m.at)}</time>;
  const theirs = m.author.kind === 'contact';
  const name =
    m.echo === 'program'
      ? t('author.program')
      : m.author.name || (theirs ? c.contact.name || t('contact.visitor') : t(`author.${m.author.kind}`));
  if (m.kind === 'note') {
    return (
      <NotePaper name={name} at={time}>
        <Rich body={m.body} />
      </NotePaper>
    );
  }
  const ai = m.author.kind === 'ai';
  const out = m.direction === 'out';
  const { onAnswer } = doing;
  const said = [
    first && !out ? c.channel.name : '',
    m.echo === 'elsewhere' ? t('message.elsewhere') : '',
    m.echo === 'program' ? t('message.app', { id: m.author.name }) : '',
    m.ai?.approved_by ? t('message.approved', { name: m.ai.approved_by.name || t('author.member') }) : '',
    m.edited && !m.deleted ? t('message.edited') : '',
  ].filter(Boolean);
  return (
    <Frame
      id={m.id}
      ai={ai}
      name={ai ? t('author.ai') : name}
      face={
        <Avatar bot={ai} name={name} seed={theirs ? c.contact.id : m.author.id} size="s" locale={language} />
      }
      meta={
        <>
          <span>
            {time}
            {said.map((words) => ` · ${words}`)}
          </span>
          {out ? <Status status={m.status} /> : null}
        </>
      }
      action={
        <>
          {m.ai?.run_id ? (
            <WhyButton run={m.ai.run_id} conversation={c.id} message={m.id} className={onHover} />
          ) : null}
          {onAnswer && !m.deleted && m.provider_id && m.status !== 'failed' ? (
            <IconButton
              icon="undo"
              size="s"
              label={t('message.answer')}
              onClick={() => onAnswer(m)}
              className={onHover}
            />
          ) : null}
        </>
      }
    >
      {m.deleted ? (
        <p className="flex items-center gap-1.5 text-ink-3 italic">
          <Icon name="trash" size={14} />
          {t('message.deleted')}
        </p>
      ) : (
        <Said m={m} c={c} {...doing} />
      )}
    </Frame>
  );
});

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
      {p.files.length ? <Going files={p.files} /> : null}
      {p.body ? <Rich body={p.body} /> : null}
      {failed}
    </Frame>
  );
}

/** Files of a message that is on its way. */
function Going({ files }: { files: Pending['files'] }) {
  const { t } = useText();
  return (
    <ul aria-label={t('attach.list')} className="mb-1 flex flex-wrap gap-1.5">
      {files.map((f) => (
        <li key={f.id}>
          {f.preview ? (
            <img
              src={f.preview}
              alt={f.name}
              className="size-24 rounded-[10px] border border-line object-cover"
            />
          ) : (
            <Chip icon="file">{f.name}</Chip>
          )}
        </li>
      ))}
    </ul>
  );
}
