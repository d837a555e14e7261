import { policyReports } from '@core/alerts.ts';
import { useQuery } from '@tanstack/react-query';
import { Card, EmptyState, Row } from '@ui';
import { Answered } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { useText } from '../state/i18n.ts';

/** What browsers refused to load into our pages: an attack, an add-on, or a fault of ours. */
export default function Refused() {
  const { t, format } = useText();
  const now = useNow();
  const query = useQuery({
    queryKey: ['policy-reports'],
    queryFn: ({ signal }) => policyReports({ signal }),
    staleTime: 0,
  });
  const rows = query.data?.items ?? [];
  return (
    <Answered query={query}>
      <Card title={t('install.browser')} text={t('install.browser_text')}>
        {rows.length === 0 ? <EmptyState icon="check" title={t('install.no_refused')} /> : null}
        <ul>
          {rows.map((r) => (
            <li key={`${r.directive} ${r.blocked} ${r.page}`}>
              <Row
                title={
                  <span dir="ltr">
                    {r.directive} · {r.blocked}
                  </span>
                }
                text={
                  <>
                    <span dir="ltr">{r.page}</span> · {t('install.times', { count: r.count })} ·{' '}
                    {format.agoInWords(r.last_at, now)}
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
