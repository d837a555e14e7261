import { workspace } from '@core/api.ts';
import { useQuery } from '@tanstack/react-query';
import { Banner, Card, CardBody, Progress } from '@ui';
import { Answered } from '../shell/page.tsx';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';

/** How much the workspace keeps, and what follows when there is no more room. */
export function Storage() {
  const { t, format } = useText();
  const may = useCan('workspace.write');
  const query = useQuery({
    queryKey: ['storage'],
    queryFn: ({ signal }) => workspace.storage({ signal }),
    staleTime: 0,
    enabled: may,
  });
  const s = query.data;
  if (!may) return null;
  return (
    <Answered query={query}>
      {s ? (
        <Card title={t('settings.storage')} text={t('settings.storage_text')}>
          <CardBody>
            {s.limit > 0 ? (
              <Progress label={t('settings.storage')} part={Math.min(1, (s.files + s.knowledge) / s.limit)} />
            ) : null}
            <p>
              {s.limit > 0
                ? t('settings.storage_used', {
                    used: format.bytes(s.files + s.knowledge),
                    limit: format.bytes(s.limit),
                  })
                : t('settings.storage_open', { used: format.bytes(s.files + s.knowledge) })}
            </p>
            <p className="text-meta text-ink-3">
              {t('settings.storage_parts', {
                files: format.bytes(s.files),
                knowledge: format.bytes(s.knowledge),
              })}
            </p>
            {s.full ? (
              <Banner tone="bad" icon="alert" box role="alert">
                {t('settings.storage_full')}
              </Banner>
            ) : null}
          </CardBody>
        </Card>
      ) : null}
    </Answered>
  );
}
