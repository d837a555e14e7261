import { keyAges } from '@core/api.ts';
import type { TextKey } from '@core/i18n/translate.ts';
import { useQuery } from '@tanstack/react-query';
import { Card, Chip, Icon, Row } from '@ui';
import { Answered } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { useText } from '../state/i18n.ts';

/** How old the keys are that everything is sealed with; which are due for a change. */
export function KeyAges() {
  const { t, format } = useText();
  const now = useNow();
  const query = useQuery({
    queryKey: ['key-ages'],
    queryFn: ({ signal }) => keyAges({ signal }),
    staleTime: 0,
  });
  return (
    <Answered query={query}>
      <Card title={t('security.keys')} text={t('security.keys_text')}>
        <ul>
          {query.data?.items?.map((k) => (
            <li key={k.kind}>
              <Row
                start={<Icon name="lock" className="text-ink-3" />}
                title={t(`security.kind.${k.kind.replace('-', '_')}` as TextKey)}
                text={[
                  t('security.count', { count: k.keys }),
                  k.oldest ? t('security.oldest', { when: format.day(k.oldest, now) }) : '',
                  k.days ? t('security.term', { count: k.days }) : '',
                ]
                  .filter(Boolean)
                  .join(' · ')}
                end={
                  k.due ? (
                    <Chip tone="warn" icon="clock" className="flex-none">
                      {t('security.due')}
                    </Chip>
                  ) : null
                }
              />
            </li>
          ))}
        </ul>
      </Card>
    </Answered>
  );
}
