import type { Conversation, Message } from '@core/types.ts';
import { Chip, Icon, type IconName, patient } from '@ui';
import { lazy, Suspense } from 'react';
import { useText } from '../state/i18n.ts';
import { Rich } from './rich.tsx';
import { Sources } from './sources.tsx';
import { Outcome } from './status.tsx';

const Carried = lazy(patient(() => import('./carried.tsx')));

export type Doing = {
  onRetry: (m: Message) => void;
  onCopy: (text: string) => void;
  /** Goes to the message that another one answers. */
  onJump: (id: string) => void;
  /** Left out where the channel cannot answer one message. */
  onAnswer?: ((m: Message) => void) | undefined;
};

/** What a message says, in the order one reads it. */
export function Said({ m, c, onRetry, onCopy, onJump }: { m: Message; c: Conversation } & Doing) {
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
  order: 'bag',
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
