import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Button, patient, TabPage, Tabs } from '@ui';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { TryBeside } from '../ai/beside.tsx';
import { PageFrame } from '../shell/page.tsx';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { foundIn, q } from '../state/queries.ts';
import { SourceList } from './list.tsx';
import { SourcePage } from './source.tsx';
import { k } from './state.ts';

const AddDialog = lazy(patient(() => import('./add.tsx')));
const Findings = lazy(patient(() => import('./findings.tsx')));
const Gaps = lazy(patient(() => import('./gaps.tsx')));
const Suggested = lazy(patient(() => import('./suggestions.tsx')));
const Words = lazy(patient(() => import('./synonyms.tsx')));

const tabs = ['sources', 'gaps', 'suggested', 'findings', 'synonyms'] as const;
type Tab = (typeof tabs)[number];

/** What the AI may say: the business's own words, and a place to try them. */
export function KnowledgeScreen() {
  const { t } = useText();
  const { id } = useParams({ from: '/desk/knowledge/{-$id}' });
  const [testing, setTesting] = useState(false);
  const { data } = useQuery(q.channels());
  // An address that is neither a page nor a source's number leads to the sources.
  const tab = tabs.find((x) => x === (id ?? 'sources')) ?? (/^\d+$/.test(id ?? '') ? undefined : 'sources');
  const test = () => setTesting(true);
  return (
    <main id="main" className="grid min-h-0 min-w-0 grid-cols-[minmax(0,1fr)_384px] max-[1279px]:grid-cols-1">
      {tab ? <Overview tab={tab} onTest={test} /> : <SourcePage key={id} id={id ?? ''} onTest={test} />}
      <TryBeside
        channels={data?.items ?? []}
        label={t('test.title')}
        open={testing}
        onClose={() => setTesting(false)}
      />
    </main>
  );
}

function Counted({ text, n }: { text: string; n: number | undefined }) {
  const { format } = useText();
  return n ? (
    <>
      {text} <span className="num font-medium text-ink-3">{format.number(n)}</span>
    </>
  ) : (
    text
  );
}

function Overview({ tab, onTest }: { tab: Tab; onTest: () => void }) {
  const { t } = useText();
  const may = useCan('knowledge.write');
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const health = useQuery(q.health()).data;
  const suggested = useQuery(k.suggesting()).data?.waiting;
  const counts: Partial<Record<Tab, number>> = { gaps: health?.gaps, suggested, findings: foundIn(health) };
  const add = may ? (
    <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>
      {t('knowledge.add')}
    </Button>
  ) : null;
  const page = (value: Tab, content: ReactNode) => (
    <TabPage value={value} className="pt-5">
      <Suspense>{content}</Suspense>
    </TabPage>
  );
  return (
    <PageFrame
      title={t('nav.knowledge')}
      actions={
        <>
          <Button icon="spark" onClick={onTest} className="min-[1280px]:hidden">
            {t('test.title')}
          </Button>
          {add}
        </>
      }
    >
      <Tabs
        label={t('nav.knowledge')}
        value={tab}
        onChange={(next) =>
          void navigate({
            to: '/knowledge/{-$id}',
            params: { id: next === 'sources' ? undefined : next },
            replace: true,
          })
        }
        tabs={tabs.map((x) => ({
          value: x,
          label: <Counted text={t(`knowledge.tab.${x}`)} n={counts[x]} />,
        }))}
      >
        {page('sources', <SourceList add={add} />)}
        {page('gaps', <Gaps />)}
        {page('suggested', <Suggested />)}
        {page('findings', <Findings />)}
        {page('synonyms', <Words />)}
      </Tabs>
      <Suspense>{adding ? <AddDialog onClose={() => setAdding(false)} /> : null}</Suspense>
    </PageFrame>
  );
}
