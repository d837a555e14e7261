import type { ConfidenceReport } from '@core/ai.ts';
import { useQuery } from '@tanstack/react-query';
import { Card, CardBody, cn, Slider } from '@ui';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { aiQuery, type Editing } from './state.ts';

type Bucket = ConfidenceReport['buckets'][number];
type Step = ConfidenceReport['steps'][number];

const sizeOf = (b: Bucket) => b.sent + b.drafted + b.handed_over;

/** How high each bar stands, from 0 to 1. */
export function heights(buckets: Bucket[]): number[] {
  const most = Math.max(0, ...buckets.map(sizeOf));
  return buckets.map((b) => (most ? sizeOf(b) / most : 0));
}

/** What a limit would have made of the same questions: the step at it or just below it. */
export function stepAt(steps: Step[], limit: number): Step | undefined {
  // 0.15 is a little less than three twentieths in binary.
  return steps.findLast((s) => s.limit <= limit + 1e-9);
}

/** From which confidence an answer goes out by itself, over what that would have meant. */
export function Confidence({ e }: { e: Editing }) {
  const { t, format } = useText();
  const may = useCan('report.read');
  const { data } = useQuery({ ...aiQuery.confidence(), enabled: may });
  const { confidence } = e.mine.ai;
  const shown = format.decimal(confidence);
  const total = data?.buckets.reduce((n, b) => n + sizeOf(b), 0) ?? 0;
  const step = data && total ? stepAt(data.steps, confidence) : undefined;
  return (
    <Card
      title={t('agent.confidence.title')}
      text={
        total
          ? t('agent.confidence.counted', { count: total, days: data?.days ?? 0 })
          : t('agent.confidence.text')
      }
    >
      <CardBody className="grid! grid-cols-[minmax(0,1fr)_216px] items-end gap-7! max-[900px]:grid-cols-1 max-[900px]:gap-3!">
        <div>
          {data && total ? (
            <div
              role="img"
              aria-label={t('agent.confidence.bars', { limit: shown })}
              className="mx-[9px] flex h-15 items-end gap-[3px]"
            >
              {heights(data.buckets).map((h, i) => {
                const b = data.buckets[i] as Bucket;
                return (
                  <i
                    key={b.from}
                    style={{ height: `${Math.max(h * 100, sizeOf(b) ? 4 : 0)}%` }}
                    className={cn(
                      'flex-1 rounded-t-[3px]',
                      b.from + 1e-9 >= confidence ? 'bg-ai' : 'bg-line-2/45',
                    )}
                  />
                );
              })}
            </div>
          ) : null}
          <Slider
            label={t('agent.confidence.title')}
            value={confidence}
            max={1}
            step={0.01}
            text={shown}
            disabled={!e.may}
            onChange={(v) => e.set({ confidence: Math.round(v * 100) / 100 })}
          />
          <div aria-hidden="true" className="mt-1 flex justify-between text-meta text-ink-3">
            <span>{t('agent.confidence.unsure')}</span>
            <span>{t('agent.confidence.certain')}</span>
          </div>
        </div>
        <div>
          <b className="num block text-[22px] leading-7 tracking-[-0.02em] weight-650">{shown}</b>
          {step ? (
            <Outcome step={step} />
          ) : (
            <p className="text-meta text-ink-3">
              {confidence === 0
                ? t('agent.confidence.at_zero')
                : t('agent.confidence.meaning', { limit: shown })}
            </p>
          )}
        </div>
      </CardBody>
      {step ? (
        <p className="border-t border-line px-[18px] py-2.5 text-meta text-ink-3">
          {t('agent.confidence.replayed', { limit: format.decimal(step.limit) })}
        </p>
      ) : null}
    </Card>
  );
}

function Outcome({ step: s }: { step: Step }) {
  const { t, format } = useText();
  // A digit more: of what is wrong, half a percent is much.
  const percent = new Intl.NumberFormat(format.locale, { style: 'percent', maximumFractionDigits: 1 });
  const all = s.sent + s.drafted + s.handed_over;
  const rows = [
    ['sent', all ? s.sent / all : 0],
    ['drafted', all ? s.drafted / all : 0],
    ['handed_over', all ? s.handed_over / all : 0],
    ['wrong', s.sent ? s.wrong / s.sent : 0],
  ] as const;
  return (
    <dl className="grid grid-cols-[1fr_auto] gap-x-2.5 gap-y-1">
      {rows.map(([name, part]) => (
        <div key={name} className="contents">
          <dt className="text-ink-3">{t(`agent.confidence.${name}`)}</dt>
          <dd
            className={cn(
              'num text-end font-semibold',
              name === 'wrong' && (part > 0.02 ? 'text-bad' : 'text-ok'),
            )}
          >
            {percent.format(part)}
          </dd>
        </div>
      ))}
    </dl>
  );
}
