import { channels } from '@core/api.ts';
import { key } from '@core/merge.ts';
import type { Channel } from '@core/types.ts';
import { useQuery } from '@tanstack/react-query';
import { Button, Card, CardBody, patient } from '@ui';
import { lazy, Suspense } from 'react';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { useKindName } from './kind.tsx';

const Dialog = lazy(patient(() => import('./clear.tsx')));
const Going = lazy(patient(async () => ({ default: (await import('./clear.tsx')).Going })));

/** How far the last deletion of all conversations of a channel came. */
export function useClearing(id: string, on = true) {
  return useQuery({
    queryKey: [...key.channels, id, 'clearing'],
    queryFn: ({ signal }) => channels.clearing(id, { signal }),
    enabled: on,
  });
}

/** Deletes all conversations of a channel together; it stays and goes on. */
export function ClearCard({
  channel: c,
  asking,
  onAsking,
}: {
  channel: Channel;
  /** Whether the question is open: another may lead to it. */
  asking: boolean;
  onAsking: (open: boolean) => void;
}) {
  const { t } = useText();
  const may = useCan('contact.erase');
  const named = useKindName();
  const now = useClearing(c.id, may);
  if (!may) return null;
  const working = now.data?.state === 'working' ? now.data : null;
  return (
    <>
      <Card
        title={t('clear.card')}
        text={t('clear.card_text')}
        action={
          <Button kind="danger" icon="trash" onClick={() => onAsking(true)}>
            {t(working ? 'clear.look' : 'clear.open')}
          </Button>
        }
      >
        {working ? (
          <CardBody>
            <Suspense>
              <Going state={working} />
            </Suspense>
          </CardBody>
        ) : null}
      </Card>
      {asking ? (
        <Suspense>
          <Dialog channel={c} name={c.name || named(c.kind)} onClose={() => onAsking(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
