import type { WholeIncident } from '@core/incidents.ts';
import { Card } from '@ui';
import { useText } from '../state/i18n.ts';

const stepNames = [
  'begin',
  'drill',
  'aware',
  'facts',
  'count',
  'assess',
  'draft',
  'notify',
  'excuse',
  'tell',
  'notice',
  'settle',
  'warn',
  'close',
  'told',
  'people_read',
  'export',
] as const;

/** What was done, by whom and when. */
export function Record({ w }: { w: WholeIncident }) {
  const { t, format } = useText();
  return (
    <Card title={t('breach.record')} text={t('breach.record_text')}>
      <ol>
        {w.steps.map((s, n) => {
          const name = stepNames.find((x) => `incident.${x}` === s.what);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the steps have no name of their own and never move
            <li key={n} className="flex flex-wrap gap-x-3 border-t border-line px-[18px] py-1.5">
              <span className="num text-ink-3">{format.full(s.at)}</span>
              <span className="min-w-40 flex-1">{name ? t(`breach.did.${name}`) : s.what}</span>
              <span className="text-ink-2">{s.by === 'system' ? 'Parley' : s.by}</span>
            </li>
          );
        })}
      </ol>
    </Card>
  );
}
