import type { LabRun } from '@core/lab.ts';
import { Button, Progress } from '@ui';
import { useText } from '../state/i18n.ts';
import type { Runs } from './labstate.ts';

/** How far a comparison is, and the way to end it. */
export function Going({ runs, may }: { runs: Runs; may: boolean }) {
  const { t, format } = useText();
  const { now } = runs;
  if (!now) return null;
  return (
    <div role="status" className="flex items-center gap-4 border-t border-line px-[18px] py-3">
      <div className="min-w-0 flex-1">
        <p className="mb-1.5 font-medium">
          {t('evaluate.going', { n: format.number(now.done), all: format.number(now.total) })}
        </p>
        <Progress label={t('evaluate.progress')} part={now.total ? now.done / now.total : 0} />
      </div>
      {may ? (
        <Button size="s" icon="x" onClick={() => void runs.cancel()}>
          {t('evaluate.cancel')}
        </Button>
      ) : null}
    </div>
  );
}

/** What a comparison came to, in one line. */
export function RunLine({ run }: { run: LabRun }) {
  const { t, format } = useText();
  return (
    <>
      {[
        format.full(run.at),
        t('evaluate.run.asked', { count: run.done, n: format.number(run.done) }),
        t('evaluate.run.failed', { count: run.failed, n: format.number(run.failed) }),
        t('evaluate.run.changed', { count: run.changed, n: format.number(run.changed) }),
        run.state === 'cancelled' ? t('evaluate.run.cancelled') : '',
      ]
        .filter(Boolean)
        .join(' · ')}
    </>
  );
}
