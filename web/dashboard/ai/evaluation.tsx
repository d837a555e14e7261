import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Banner, cn, Icon, patient } from '@ui';
import { lazy, Suspense } from 'react';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Cases } from './cases.tsx';
import { labQuery, useRuns } from './labstate.ts';
import { Nights } from './nights.tsx';
import type { Editing } from './state.ts';

const Replay = lazy(patient(() => import('./replay.tsx')));
const BiasPage = lazy(patient(() => import('./bias.tsx')));
const NumbersPage = lazy(patient(() => import('./numbers.tsx')));

export const labPages = ['evaluation', 'replay', 'bias', 'numbers'] as const;
export type LabPage = (typeof labPages)[number];

/** What is tried, held to tests, probed and counted of the AI. */
export default function Evaluation({ e, page }: { e: Editing; page: LabPage }) {
  const { t } = useText();
  const runs = useRuns();
  const counts = useCan('report.read');
  const bias = useQuery({ ...labQuery.bias(), enabled: counts });
  const shown = labPages.filter((p) => counts || (p !== 'bias' && p !== 'numbers'));
  const at = shown.includes(page) ? page : 'evaluation';
  return (
    <>
      <nav
        aria-label={t('agent.tab.evaluation')}
        className="mb-4 flex gap-1 overflow-x-auto [scrollbar-width:none]"
      >
        {shown.map((p) => (
          <Link
            key={p}
            to="/ai/{-$tab}"
            params={{ tab: p }}
            replace
            aria-current={p === at ? 'page' : undefined}
            className={cn(
              'ring-inner inline-flex h-8 flex-none items-center gap-1.5 rounded-medium px-3 font-medium phone:h-10',
              p === at ? 'bg-hover font-semibold text-ink' : 'text-ink-2 hover:bg-hover',
            )}
          >
            {t(`evaluate.page.${p}`)}
            {p === 'bias' && bias.data?.latest?.alarm ? (
              <>
                <Icon name="alert" size={14} className="text-bad" />
                <span className="sr-only">{t('evaluate.bias.alarm')}</span>
              </>
            ) : null}
          </Link>
        ))}
      </nav>
      {at === 'evaluation' && bias.data?.latest?.alarm ? (
        <Banner tone="warn" icon="alert" box className="mb-4">
          {t('evaluate.bias.alarm')}{' '}
          <Link
            to="/ai/{-$tab}"
            params={{ tab: 'bias' }}
            className="font-semibold underline underline-offset-2"
          >
            {t('evaluate.bias.look')}
          </Link>
        </Banner>
      ) : null}
      <Suspense>
        {at === 'evaluation' ? (
          <>
            <Nights runs={runs} />
            <Cases e={e} runs={runs} />
          </>
        ) : at === 'replay' ? (
          <Replay e={e} runs={runs} />
        ) : at === 'bias' ? (
          <BiasPage />
        ) : (
          <NumbersPage />
        )}
      </Suspense>
    </>
  );
}
