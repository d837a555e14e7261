import { useQuery } from '@tanstack/react-query';
import { Avatar, Card, Chip, Row } from '@ui';
import { Answered } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { useDesk } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';

export function MembersTab() {
  const { t, format, language } = useText();
  const { me } = useDesk();
  const now = useNow();
  const query = useQuery(q.members());
  return (
    <Answered query={query}>
      <Card title={t('settings.members')} text={t('settings.members_text')}>
        <ul>
          {query.data?.items.map((m) => (
            <li key={m.id}>
              <Row
                start={<Avatar name={m.name} seed={m.id} locale={language} />}
                title={
                  <>
                    <bdi>{m.name}</bdi>{' '}
                    {m.id === me.member.id ? <span className="text-ink-3">({t('inbox.you')})</span> : null}
                  </>
                }
                text={m.email}
                end={
                  <>
                    <span className="flex-none text-meta text-ink-3 phone:hidden">
                      {m.last_seen_at
                        ? t('settings.seen', { when: format.agoInWords(m.last_seen_at, now) })
                        : t('settings.never_seen')}
                    </span>
                    <Chip>{t(`role.${m.role as 'owner'}`)}</Chip>
                  </>
                }
              />
            </li>
          ))}
        </ul>
      </Card>
    </Answered>
  );
}
