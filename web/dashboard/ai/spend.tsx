import type { Purpose, Spent, Vendor } from '@core/ai.ts';
import { useQuery } from '@tanstack/react-query';
import { Card, EmptyState } from '@ui';
import { Answered } from '../shell/page.tsx';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { money } from './money.ts';
import { aiQuery } from './state.ts';

export type Sum = Pick<Spent, 'calls' | 'failed' | 'tokens_in' | 'tokens_out' | 'cents'>;

export function sum(rows: Sum[]): Sum {
  const all = { calls: 0, failed: 0, tokens_in: 0, tokens_out: 0, cents: 0 };
  for (const r of rows) for (const k of Object.keys(all) as (keyof Sum)[]) all[k] += r[k];
  return all;
}

/** What calls to models cost in the last thirty days. */
export function Spend() {
  const { t } = useText();
  const may = useCan('report.read');
  const query = useQuery({ ...aiQuery.spend(), enabled: may });
  if (!may) return null;
  const rows = query.data?.items ?? [];
  return (
    <Card title={t('agent.spend.title')} text={t('agent.spend.text')}>
      <Answered query={query}>
        {rows.length === 0 ? (
          <EmptyState icon="spark" title={t('agent.spend.empty')} text={t('agent.spend.empty_text')} />
        ) : (
          <Table rows={rows} />
        )}
      </Answered>
    </Card>
  );
}

function Table({ rows }: { rows: Spent[] }) {
  const { t, format } = useText();
  const total = sum(rows);
  const head = 'px-2 first:ps-[18px] last:pe-[18px] py-1.5 text-meta weight-550 text-ink-3 whitespace-nowrap';
  const cell = 'px-2 first:ps-[18px] last:pe-[18px] py-2 border-t border-line';
  const n = (x: number) => <td className={`${cell} num text-end`}>{format.number(x)}</td>;
  const figures = (s: Sum) => (
    <>
      {n(s.calls)}
      {n(s.failed)}
      {n(s.tokens_in)}
      {n(s.tokens_out)}
      <td className={`${cell} num text-end`}>{money(s.cents, format.locale)}</td>
    </>
  );
  return (
    <section
      tabIndex={0}
      aria-label={t('agent.spend.title')}
      className="ring-inner max-h-96 overflow-auto rounded-b-large"
    >
      <table className="w-full border-collapse">
        <thead className="sticky top-0 bg-surface">
          <tr>
            {(['day', 'purpose', 'model'] as const).map((h) => (
              <th key={h} scope="col" className={`${head} text-start`}>
                {t(`agent.spend.${h}`)}
              </th>
            ))}
            {(['calls', 'failed', 'in', 'out', 'cost'] as const).map((h) => (
              <th key={h} scope="col" className={`${head} text-end`}>
                {t(`agent.spend.${h}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr className="font-semibold">
            <th scope="row" colSpan={3} className={`${cell} text-start`}>
              {t('agent.spend.total')}
            </th>
            {figures(total)}
          </tr>
          {rows.map((r) => (
            <tr key={`${r.day}/${r.purpose}/${r.vendor}/${r.model}`}>
              <td className={`${cell} whitespace-nowrap`}>{format.date(r.day)}</td>
              <td className={cell}>{t(`agent.purpose.${r.purpose as Purpose}`)}</td>
              <td className={cell}>
                {t(`agent.vendor.${r.vendor as Vendor}`)}{' '}
                <span className="whitespace-nowrap text-ink-3">{r.model}</span>
              </td>
              {figures(r)}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
