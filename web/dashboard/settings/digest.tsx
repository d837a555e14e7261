import { digest } from '@core/mine.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Card, CardBody, Segmented } from '@ui';
import { useState } from 'react';
import { Answered } from '../shell/page.tsx';
import { useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';

const choices = ['off', 'daily', 'weekly'] as const;

/** How often counts of the workspace come by mail; none do before one chooses. */
export default function Digest() {
  const { t } = useText();
  const client = useQueryClient();
  const attempt = useTry();
  const query = useQuery({
    queryKey: ['digest'],
    queryFn: ({ signal }) => digest.show({ signal }),
    staleTime: 0,
  });
  const [busy, setBusy] = useState(false);
  const choose = async (every: (typeof choices)[number]) => {
    if (busy) return;
    setBusy(true);
    await attempt(() => digest.choose(every));
    await client.invalidateQueries({ queryKey: ['digest'] });
    setBusy(false);
  };
  return (
    <Answered query={query}>
      <Card title={t('mine.digest')} text={t('mine.digest_text')}>
        <CardBody>
          <Segmented
            label={t('mine.digest')}
            value={query.data?.every ?? 'off'}
            choices={choices.map((c) => ({ value: c, label: t(`mine.digest_${c}`) }))}
            disabled={busy}
            onChange={(every) => void choose(every)}
          />
        </CardBody>
      </Card>
    </Answered>
  );
}
