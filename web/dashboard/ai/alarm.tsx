import { useQuery } from '@tanstack/react-query';
import { Icon } from '@ui';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';
import { labQuery } from './labstate.ts';

/** Beside the name of Evaluation: a test fails, it matters who asks, or the last night found a source too old. */
export function Alarm() {
  const { t } = useText();
  const health = useQuery(q.health());
  const runs = useQuery(labQuery.runs());
  const night = runs.data?.find((r) => r.kind === 'night');
  if (!health.data?.alarms && !night?.stale_source_ids.length) return null;
  return (
    <span className="ms-1.5 inline-flex align-[-3px] text-warn">
      <Icon name="alert" size={15} />
      <span className="sr-only">{t('evaluate.alarm')}</span>
    </span>
  );
}
