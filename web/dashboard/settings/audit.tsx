import { useInfiniteQuery } from '@tanstack/react-query';
import { Card, EmptyState } from '@ui';
import { More } from '../shell/more.tsx';
import { Answered } from '../shell/page.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';

/** Who did what, in an order nobody can change afterwards. */
export function AuditTab() {
  const { t, format } = useText();
  const query = useInfiniteQuery(q.audit());
  const rows = query.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <Answered query={query}>
      <Card title={t('settings.audit')} text={t('settings.audit_text')}>
        {rows.length === 0 ? (
          <EmptyState icon="shield" title={t('audit.empty')} />
        ) : (
          <div
            tabIndex={0}
            role="group"
            aria-label={t('settings.audit')}
            className="ring-inner overflow-x-auto"
          >
            <table className="w-full border-collapse text-start">
              <thead>
                <tr className="border-b border-line text-meta text-ink-3">
                  {(['no', 'at', 'actor', 'action', 'object', 'reason'] as const).map((h) => (
                    <th
                      key={h}
                      scope="col"
                      className="px-[18px] py-1.5 text-start weight-550 whitespace-nowrap"
                    >
                      {t(`audit.${h}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map((r) => (
                  <tr key={r.no} className="border-b border-line last:border-0">
                    <td className="num px-[18px] py-2 text-ink-3">{format.number(r.no)}</td>
                    <td className="num px-[18px] py-2 whitespace-nowrap">{format.full(r.at)}</td>
                    <td className="px-[18px] py-2">{r.actor}</td>
                    <td className="px-[18px] py-2 font-mono text-meta">{r.action}</td>
                    <td className="px-[18px] py-2 font-mono text-meta">{r.object}</td>
                    <td className="px-[18px] py-2 text-ink-3">{r.reason}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        <More query={query} />
      </Card>
    </Answered>
  );
}
