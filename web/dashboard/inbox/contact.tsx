import { safeUrl } from '@core/format.ts';
import type { Contact, Conversation } from '@core/types.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Avatar, Button, Chip, ErrorState, Icon, IconButton, Later, patient, Skeleton } from '@ui';
import { lazy, memo, type ReactNode, Suspense, useState } from 'react';
import { useNow } from '../state/box.ts';
import { problemText, useCan } from '../state/desk.tsx';
import { type T, useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';

const Person = lazy(patient(() => import('./person.tsx')));
const EditContact = lazy(patient(() => import('./edit.tsx')));
const OptIns = lazy(patient(() => import('./optin.tsx')));

function Part({ title, children, action }: { title: ReactNode; children: ReactNode; action?: ReactNode }) {
  return (
    <section className="border-t border-line py-3.5">
      <h3 className="mb-[9px] flex items-center gap-1.5 text-meta font-semibold">
        <span className="flex-1">{title}</span>
        {action}
      </h3>
      {children}
    </section>
  );
}

function Facts({ rows }: { rows: [string, ReactNode][] }) {
  const there = rows.filter(([, value]) => value);
  return (
    <dl className="grid grid-cols-[88px_minmax(0,1fr)] gap-x-2 gap-y-1.5">
      {there.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-3">{name}</dt>
          <dd
            dir="auto"
            className="truncate align-page"
            title={typeof value === 'string' ? value : undefined}
          >
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Who follows whom, where the channel tells. */
function follow(t: T, p: { follows: boolean; followed: boolean }) {
  if (p.follows && p.followed) return t('contact.friends');
  return p.follows ? t('contact.follows') : p.followed ? t('contact.followed') : '';
}

/** Who is on the other side, as far as they let us know. */
export const ContactPanel = memo(function ContactPanel({
  c,
  onErase,
}: {
  c: Conversation;
  onErase: (contact: { id: string; name: string }) => void;
}) {
  const { t, format, language } = useText();
  const now = useNow();
  const may = useCan('contact.write');
  const mayErase = useCan('contact.erase');
  const { data, error, isPending, refetch } = useQuery(q.contact(c.contact.id));
  const [editing, setEditing] = useState(false);
  const who = data ?? c.contact;
  const name = who.name || t('contact.visitor');
  const told = data?.identities.find(
    (i) => i.profile && i.channel_kind === c.channel.kind && i.channel_name === c.channel.name,
  )?.profile;
  const others = data?.conversations.filter((x) => x.id !== c.id) ?? [];
  return (
    <>
      <div className="flex items-center gap-2.5 pb-3">
        <Avatar name={who.name} seed={who.id} size="l" src={told?.picture} locale={language} />
        <div className="min-w-0 flex-1">
          <h2 dir="auto" className="truncate align-page text-msg weight-650">
            {name}
          </h2>
          <p className="truncate text-ink-3">
            {data ? t('contact.since', { when: format.date(data.created_at) }) : c.channel.name}
          </p>
        </div>
      </div>
      {error && !data ? (
        <ErrorState title={t('error.title')} text={problemText(t, error)}>
          <Button size="s" icon="refresh" onClick={() => void refetch()}>
            {t('app.again')}
          </Button>
        </ErrorState>
      ) : null}
      <Part
        title={t('contact.details')}
        action={
          may && data ? (
            <IconButton
              icon="pen"
              label={t('contact.edit')}
              size="s"
              className="-my-2"
              onClick={() => setEditing(true)}
            />
          ) : null
        }
      >
        <Facts
          rows={[
            [t('contact.email'), who.email],
            [t('contact.phone'), who.phone],
            [t('contact.language'), format.language(who.language || c.language)],
            [t('contact.channel'), c.channel.name],
            [t('contact.username'), told?.username ? `@${told.username}` : ''],
            [t('contact.followers'), told && told.followers >= 0 ? format.number(told.followers) : ''],
            [t('contact.following'), told ? follow(t, told) : ''],
          ]}
        />
        {who.anonymous ? <p className="mt-2 text-ink-3">{t('contact.anonymous')}</p> : null}
      </Part>
      {c.erase_at ? (
        <Part title={t('contact.erase_title')}>
          <p className="flex gap-2 text-ink-2">
            <Icon name="shield" className="mt-0.5 text-ink-3" />
            {t('contact.erase_text', { when: format.full(c.erase_at) })}
          </p>
        </Part>
      ) : null}
      {c.labels.length ? (
        <Part title={t('label.title')}>
          <div className="flex flex-wrap gap-1.5">
            {c.labels.map((l) => (
              <Chip key={l} icon="tag">
                {l}
              </Chip>
            ))}
          </div>
        </Part>
      ) : null}
      {c.skills.templates ? (
        <Suspense>
          <OptIns c={c} />
        </Suspense>
      ) : null}
      {data?.session ? <SessionPart session={data.session} /> : null}
      {isPending ? (
        <Later>
          <div className="flex flex-col gap-2 border-t border-line py-4">
            <Skeleton className="h-3 w-2/3" />
            <Skeleton className="h-3 w-1/2" />
          </div>
        </Later>
      ) : null}
      {others.length ? (
        <Part title={t('contact.earlier')}>
          <ul>
            {others.map((o) => (
              <li key={o.id}>
                <Link
                  to="/inbox/$view/{-$id}"
                  params={{ view: 'all', id: o.id }}
                  className="flex items-baseline gap-2 rounded-small py-1 text-ink-2 hover:text-ink hover:underline"
                >
                  <span dir="auto" className="truncate">
                    {o.subject || t(`state.${o.state}`)}
                  </span>
                  <time dateTime={o.updated_at} className="ms-auto flex-none text-meta text-ink-3">
                    {format.ago(o.updated_at, now)}
                  </time>
                </Link>
              </li>
            ))}
          </ul>
        </Part>
      ) : null}
      {data ? (
        <Suspense>
          <Person key={data.id} contact={data} may={may} />
        </Suspense>
      ) : null}
      {mayErase && data ? (
        <div className="border-t border-line py-3.5">
          <Button
            size="s"
            kind="danger"
            icon="trash"
            onClick={() => onErase({ id: data.id, name: data.name })}
          >
            {t('contact.erase')}
          </Button>
        </div>
      ) : null}
      {editing && data ? (
        <Suspense>
          <EditContact contact={data} onClose={() => setEditing(false)} />
        </Suspense>
      ) : null}
    </>
  );
});

const devices = ['desktop', 'mobile', 'tablet'] as const;

function SessionPart({ session: s }: { session: NonNullable<Contact['session']> }) {
  const { t, format } = useText();
  const page = safeUrl(s.page_url);
  const device = devices.find((d) => d === s.device);
  const link = (
    <a href={page} target="_blank" rel="noreferrer noopener" className="underline underline-offset-2">
      {page.replace(/^https?:\/\//, '')}
    </a>
  );
  return (
    <Part title={t('session.title')}>
      <Facts
        rows={[
          [t('session.browser'), [s.browser, s.os].filter(Boolean).join(', ')],
          [t('session.device'), device ? t(`session.${device}`) : s.device],
          [t('session.page'), page ? link : s.page_url],
          [t('session.referrer'), s.referrer.replace(/^https?:\/\//, '')],
          [t('session.locale'), s.locale ? format.language(s.locale) : ''],
          [t('session.started'), s.started_at ? format.full(s.started_at) : ''],
          [t('session.lasted'), s.seconds ? format.lasted(s.seconds) : ''],
        ]}
      />
    </Part>
  );
}
