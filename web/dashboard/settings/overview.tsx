import { securityNow } from '@core/standing.ts';
import type { Schemas } from '@core/types.ts';
import { useQuery } from '@tanstack/react-query';
import { Card, Chip, Icon, Row } from '@ui';
import { Answered } from '../shell/page.tsx';
import { useText } from '../state/i18n.ts';

type Named = { id: string; name: string };

/** What is open and what is weak, each line with what to do about it. */
export function Overview() {
  const { t } = useText();
  const query = useQuery({
    queryKey: ['security'],
    queryFn: ({ signal }) => securityNow({ signal }),
    staleTime: 0,
  });
  return (
    <Answered query={query}>
      <Card title={t('security.now')} text={t('security.now_text')}>
        <ul>{query.data ? <Lines of={query.data} /> : null}</ul>
      </Card>
    </Answered>
  );
}

function Lines({ of }: { of: Schemas['Security'] }) {
  const { t } = useText();
  const names = (all: Named[]) => all.map((x) => x.name).join(', ');
  const { keys } = of;
  return (
    <>
      <Line weak={!of.https} title={t(of.https ? 'security.https' : 'security.no_https')} />
      <Line weak={!of.mail} title={t(of.mail ? 'security.mail' : 'security.no_mail')} />
      <Line
        weak={of.owners === 1}
        title={t('security.people', { owners: of.owners, members: of.members })}
        text={of.owners === 1 ? t('security.one_owner') : ''}
      />
      <Line
        weak={of.no_second_factor.length > 0}
        title={
          of.no_second_factor.length
            ? t('security.bare', { count: of.no_second_factor.length })
            : t('security.none_bare')
        }
        text={names(of.no_second_factor)}
      />
      <Line
        weak={of.idle.length > 0}
        title={of.idle.length ? t('security.idle', { count: of.idle.length }) : t('security.none_idle')}
        text={names(of.idle)}
      />
      <Line
        weak={of.widgets.length > 0}
        title={
          of.widgets.length ? t('security.widgets', { count: of.widgets.length }) : t('security.none_widgets')
        }
        text={of.widgets.map((w) => `${w.name} (${w.domain})`).join(', ')}
      />
      {(['unused', 'expiring', 'expired', 'wide'] as const).map((kind) => (
        <Line
          key={kind}
          weak={keys[kind].length > 0}
          title={
            keys[kind].length
              ? t(`security.keys_${kind}`, { count: keys[kind].length })
              : t(`security.none_${kind}`)
          }
          text={names(keys[kind])}
        />
      ))}
    </>
  );
}

function Line({ weak, title, text }: { weak: boolean; title: string; text?: string }) {
  const { t } = useText();
  return (
    <li>
      <Row
        start={<Icon name={weak ? 'alert' : 'check'} className={weak ? 'text-warn' : 'text-ok'} />}
        title={<span className="whitespace-normal">{title}</span>}
        text={text ? <bdi className="whitespace-normal">{text}</bdi> : null}
        end={
          <Chip tone={weak ? 'warn' : 'ok'} className="flex-none">
            {t(weak ? 'security.weak' : 'security.good')}
          </Chip>
        }
      />
    </li>
  );
}
