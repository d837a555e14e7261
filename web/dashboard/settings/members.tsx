import type { GivenRole, Member } from '@core/types.ts';
import { useQuery } from '@tanstack/react-query';
import { Avatar, Button, Card, Chip, patient, Row } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { Answered } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { useCan, useDesk } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';
import { DemandCard } from './demand.tsx';

const NewMember = lazy(patient(() => import('./newmember.tsx')));
const RolesTable = lazy(patient(() => import('./rolestable.tsx')));
const ChangeMember = lazy(patient(() => import('./changemember.tsx')));

const wide: GivenRole[] = ['owner', 'admin'];
const narrow: GivenRole[] = ['agent', 'analyst', 'billing', 'privacy'];

/** The roles one may give, and take: owners all of them, admins those that manage nobody. */
export function useGivable(): GivenRole[] {
  const manages = useCan('member.write');
  const owner = useCan('admin.write');
  return owner ? [...narrow, ...wide] : manages ? narrow : [];
}

export function MembersTab() {
  const { t } = useText();
  const givable = useGivable();
  const query = useQuery(q.members());
  const [adding, setAdding] = useState(false);
  const [asking, setAsking] = useState(false);
  const [changing, setChanging] = useState<Member | null>(null);
  return (
    <Answered query={query}>
      <Card
        title={t('settings.members')}
        text={t('settings.members_text')}
        action={
          <>
            <Button size="s" kind="ghost" icon="info" onClick={() => setAsking(true)}>
              {t('member.roles')}
            </Button>
            {givable.length ? (
              <Button size="s" icon="plus" onClick={() => setAdding(true)}>
                {t('member.add')}
              </Button>
            ) : null}
          </>
        }
      >
        <ul>
          {query.data?.items.map((m) => (
            <MemberRow
              key={m.id}
              m={m}
              onChange={givable.some((r) => r === m.role) ? setChanging : undefined}
            />
          ))}
        </ul>
      </Card>
      <DemandCard />
      <Suspense>
        {asking ? <RolesTable onClose={() => setAsking(false)} /> : null}
        {adding ? <NewMember roles={givable} onClose={() => setAdding(false)} /> : null}
        {changing ? (
          <ChangeMember member={changing} roles={givable} onClose={() => setChanging(null)} />
        ) : null}
      </Suspense>
    </Answered>
  );
}

function MemberRow({ m, onChange }: { m: Member; onChange: ((m: Member) => void) | undefined }) {
  const { t, format, language } = useText();
  const { me } = useDesk();
  const now = useNow();
  const own = m.id === me.member.id;
  return (
    <li>
      <Row
        start={<Avatar name={m.name} seed={m.id} src={m.picture} locale={language} />}
        title={
          <>
            <bdi>{m.name}</bdi> {own ? <span className="text-ink-3">({t('inbox.you')})</span> : null}
          </>
        }
        text={
          <>
            <span dir="auto" className="block truncate align-page">
              {m.email}
            </span>
            {m.invited ? null : (
              <span className="block text-meta">
                {t(m.second_factor ? 'member.second_factor' : 'member.no_second_factor')}
              </span>
            )}
          </>
        }
        end={
          <>
            <span className="flex-none text-meta text-ink-3 phone:hidden">
              {m.last_seen_at
                ? t('settings.seen', { when: format.agoInWords(m.last_seen_at, now) })
                : t('settings.never_seen')}
            </span>
            {m.state === 'off' ? (
              <Chip tone="warn" icon="lock" className="flex-none">
                {t('member.off')}
              </Chip>
            ) : null}
            {m.invited && m.state !== 'off' ? (
              <Chip tone="warn" icon="clock" className="flex-none">
                {t('member.invited')}
              </Chip>
            ) : null}
            <Chip className="flex-none">{t(`role.${m.role}`)}</Chip>
            {onChange && !own ? (
              <Button
                size="s"
                onClick={() => onChange(m)}
                aria-label={t('member.change_named', { name: m.name })}
              >
                {t('member.change')}
              </Button>
            ) : null}
          </>
        }
      />
    </li>
  );
}
