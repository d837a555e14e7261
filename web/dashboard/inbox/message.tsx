import type { Pending } from '@core/outbox.ts';
import type { Conversation, Message } from '@core/types.ts';
import { Avatar, Chip, cn, Icon, IconButton, type IconName, patient, Spinner } from '@ui';
import { lazy, memo, type ReactNode, Suspense } from 'react';
import { problemText } from '../state/desk.tsx';
import { type T, useText } from '../state/i18n.ts';
import { Rich } from './rich.tsx';
import { handOverText } from './row.tsx';
import { Sources } from './sources.tsx';
import { Failed, Outcome, Status } from './status.tsx';

const Carried = lazy(patient(() => import('./carried.tsx')));

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

function Frame({
  id,
  face,
  name,
  meta,
  ai,
  children,
}: {
  id?: string;
  face: ReactNode;
  name: string;
  meta: ReactNode;
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

type Doing = {
  onRetry: (m: Message) => void;
  onCopy: (text: string) => void;
  /** Goes to the message that another one answers. */
  onJump: (id: string) => void;
  /** Left out where the channel cannot answer one message. */
  onAnswer?: ((m: Message) => void) | undefined;
};

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
          {onAnswer && !m.deleted && m.provider_id && m.status !== 'failed' ? (
            <IconButton
              icon="undo"
              size="s"
              label={t('message.answer')}
              onClick={() => onAnswer(m)}
              className="-my-1.5 opacity-0 group-hover/message:opacity-100 focus-visible:opacity-100 phone:opacity-100 [@media(hover:none)]:opacity-100"
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

/** What a message says, in the order one reads it. */
function Said({ m, c, onRetry, onCopy, onJump }: { m: Message; c: Conversation } & Doing) {
  const { t } = useText();
  const carries = m.extra !== null || m.attachments.length > 0;
  const words = m.fallback ? (
    <p className="flex items-center gap-1.5 text-ink-3 italic">
      <Icon name={kindIcons[m.kind] ?? 'info'} size={14} />
      {m.fallback}
    </p>
  ) : null;
  const chose = m.kind === 'choice' && m.author.kind === 'contact';
  const bare = !m.body && !carries;
  return (
    <>
      {m.quote ? <Quoted quote={m.quote} onJump={onJump} /> : null}
      {m.kind === 'template' && m.body ? (
        <Chip icon="page" className="mb-1">
          {m.fallback}
        </Chip>
      ) : null}
      {bare || tells(m) ? words : null}
      {carries ? (
        <Suspense fallback={words}>
          <Carried m={m} />
        </Suspense>
      ) : null}
      {m.body && !chose ? <Rich body={m.body} sources={m.ai?.sources} /> : null}
      {chose ? (
        <p className="inline-flex max-w-full items-center gap-1.5 rounded-medium border border-brand/40 bg-brand-soft px-2.5 py-1 text-brand-ink">
          <Icon name="check" size={14} />
          <span className="sr-only">{t('message.chose')}</span>
          <span dir="auto" className="text-start break-words">
            {m.body || m.buttons[0]?.label}
          </span>
        </p>
      ) : m.buttons.length ? (
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
      <Reactions m={m} c={c} />
      <Outcome m={m} onRetry={() => onRetry(m)} onCopy={() => onCopy(m.body)} />
    </>
  );
}

const kindIcons: Record<string, IconName> = {
  image: 'camera',
  sticker: 'camera',
  video: 'play',
  audio: 'mark',
  file: 'file',
  location: 'globe',
  contacts: 'user',
  order: 'page',
  form: 'note',
  story_mention: 'camera',
  share: 'link',
  disappeared: 'eye',
  template: 'page',
  referral: 'link',
  opt_in: 'check',
  feedback: 'info',
};

/** Kinds whose words say something that nothing they carry does. */
const tells = (m: Message) =>
  ['disappeared', 'unsupported', 'unknown', 'opt_in', 'feedback'].includes(m.kind) ||
  (m.fallback !== '' && !m.body && m.attachments.length === 0 && silent(m.extra));

const silent = (x: Message['extra']) =>
  !x ||
  (!x.location &&
    !x.order &&
    !x.form &&
    !x.referral &&
    !x.story &&
    x.cards.length === 0 &&
    x.links.length === 0);

/** The message that this one answers; pressing it goes there. */
function Quoted({ quote, onJump }: { quote: NonNullable<Message['quote']>; onJump: (id: string) => void }) {
  const { t } = useText();
  const who =
    quote.author_kind === 'ai' ? t('author.ai') : quote.author_name || t(`author.${quote.author_kind}`);
  return (
    <button
      type="button"
      onClick={() => onJump(quote.id)}
      className="mb-1 block max-w-full rounded-e-small border-s-2 border-line-2 bg-sunken py-0.5 ps-2 pe-2.5 text-start hover:bg-hover"
    >
      <span className="sr-only">{t('message.answers')} </span>
      <span className="block truncate text-meta font-medium text-ink-2">
        <bdi>{who}</bdi>
      </span>
      <span dir="auto" className="block truncate text-start text-ink-3">
        {quote.text || t('message.deleted')}
      </span>
    </button>
  );
}

const hearts: Record<string, string> = {
  love: '❤️',
  like: '👍',
  dislike: '👎',
  smile: '😆',
  laugh: '😆',
  wow: '😮',
  sad: '😢',
  angry: '😠',
};

/** What each side thinks of a message. */
function Reactions({ m, c }: { m: Message; c: Conversation }) {
  const { t } = useText();
  if (m.reactions.length === 0) return null;
  return (
    <ul aria-label={t('message.reactions')} className="mt-1.5 flex flex-wrap gap-1.5">
      {m.reactions.map((r) => (
        <li
          key={r.by}
          className="inline-flex h-6 items-center gap-1.5 rounded-full border border-line bg-sunken px-2 text-meta text-ink-2"
        >
          <span className="text-[13px]">{r.emoji || hearts[r.name] || r.name}</span>
          <bdi>{r.by === 'contact' ? c.contact.name || t('contact.visitor') : t(`author.${r.by}`)}</bdi>
        </li>
      ))}
    </ul>
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
