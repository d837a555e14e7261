import { session } from '@core/api.ts';
import { key } from '@core/merge.ts';
import type { Device } from '@core/types.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Card, Chip, Icon, Row } from '@ui';
import { useState } from 'react';
import { Answered } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';

/** One's own sign-ins; each but this one can be ended here. */
export function Devices() {
  const { t, format } = useText();
  const now = useNow();
  const client = useQueryClient();
  const attempt = useTry();
  const query = useQuery(q.devices());
  const [ending, setEnding] = useState('');
  // "Firefox on Linux" is how the server notes it down.
  const name = (d: Device) => d.device.replace(' on ', ' · ') || t('device.unknown');
  const end = async (d: Device) => {
    setEnding(d.id);
    await attempt(() => session.end(d.id));
    await client.invalidateQueries({ queryKey: key.devices });
    setEnding('');
  };
  const endOthers = async () => {
    setEnding('others');
    await attempt(() => session.endOthers());
    await client.invalidateQueries({ queryKey: key.devices });
    setEnding('');
  };
  return (
    <Answered query={query}>
      <Card
        title={t('device.title')}
        text={t('device.text')}
        action={
          query.data && query.data.items.length > 1 ? (
            <Button size="s" busy={ending === 'others'} onClick={() => void endOthers()}>
              {t('device.end_others')}
            </Button>
          ) : null
        }
      >
        <ul>
          {query.data?.items.map((d) => (
            <li key={d.id}>
              <Row
                start={<Icon name="screen" className="text-ink-3" />}
                title={<bdi>{name(d)}</bdi>}
                text={[
                  d.place,
                  d.network ? t('device.network', { network: d.network }) : '',
                  t('device.seen', { when: format.agoInWords(d.last_seen_at, now) }),
                  t('device.since', { when: format.agoInWords(d.created_at, now) }),
                ]
                  .filter(Boolean)
                  .join(' · ')}
                end={
                  d.current ? (
                    <Chip tone="ok" className="flex-none">
                      {t('device.here')}
                    </Chip>
                  ) : (
                    <Button
                      size="s"
                      kind="danger"
                      busy={ending === d.id}
                      aria-label={t('device.end_named', { name: name(d) })}
                      onClick={() => void end(d)}
                    >
                      {t('device.end')}
                    </Button>
                  )
                }
              />
            </li>
          ))}
        </ul>
      </Card>
    </Answered>
  );
}
