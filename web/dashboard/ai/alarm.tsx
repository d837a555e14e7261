import { useQuery } from '@tanstack/react-query';
import { Icon } from '@ui';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { labQuery } from './labstate.ts';

/** Beside the name of Evaluation: the last night, or the last probe, found something to look at. */
export function Alarm() {
  const { t } = useText();
  const runs = useQuery(labQuery.runs());
  const bias = useQuery({ ...labQuery.bias(), enabled: useCan('report.read') });
  const night = runs.data?.find((r) => r.kind === 'night');
  if (!night?.failed && !night?.stale_source_ids.length && !bias.data?.latest?.alarm) return null;
  return (
    <span className="ms-1.5 inline-flex align-[-3px] text-warn">
      <Icon name="alert" size={15} />
      <span className="sr-only">{t('evaluate.alarm')}</span>
    </span>
  );
}
