import { useNavigate, useParams } from '@tanstack/react-router';
import { patient, TabPage, Tabs } from '@ui';
import { lazy, type ReactNode, Suspense } from 'react';
import { PageFrame } from '../shell/page.tsx';
import { useText } from '../state/i18n.ts';
import { CaseList } from './list.tsx';

const OneCase = lazy(patient(() => import('./case.tsx')));
const Finder = lazy(patient(() => import('./finder.tsx')));
const Records = lazy(patient(() => import('./records.tsx')));
const Kept = lazy(patient(() => import('./kept.tsx')));
const OneDuty = lazy(patient(() => import('./duty.tsx')));
const BreachDesk = lazy(patient(() => import('../breach/desk.tsx')));
const Promises = lazy(patient(() => import('./promises.tsx')));

const tabs = ['requests', 'person', 'records', 'kept', 'breach', 'promises'] as const;
type Tab = (typeof tabs)[number];

/** What people ask about their data, and everything that can be done for one of them. */
export function PrivacyScreen() {
  const { t } = useText();
  const navigate = useNavigate();
  const params = useParams({ from: '/desk/data-rights/{-$tab}/{-$id}' });
  const tab = tabs.find((x) => x === params.tab) ?? 'requests';
  const page = (value: Tab, content: ReactNode) => (
    <TabPage value={value} className="pt-5">
      <Suspense>{content}</Suspense>
    </TabPage>
  );
  const go = (next: Tab) =>
    void navigate({
      to: '/data-rights/{-$tab}/{-$id}',
      params: { tab: next, id: undefined },
      replace: true,
    });
  return (
    <main id="main" className="grid min-h-0 min-w-0">
      <PageFrame title={t('nav.privacy')}>
        <Tabs
          label={t('nav.privacy')}
          value={tab}
          onChange={go}
          tabs={tabs.map((x) => ({ value: x, label: t(`request.${x}`) }))}
        >
          {page('requests', params.id ? <OneCase key={params.id} id={params.id} /> : <CaseList />)}
          {page('person', <Finder key={params.id} start={params.id ?? ''} />)}
          {page('records', params.id ? <OneDuty key={params.id} id={params.id} /> : <Records />)}
          {page('kept', <Kept />)}
          {page(
            'breach',
            <BreachDesk
              of="workspace"
              id={params.id}
              onShow={(id) =>
                void navigate({ to: '/data-rights/{-$tab}/{-$id}', params: { tab: 'breach', id } })
              }
            />,
          )}
          {page('promises', <Promises />)}
        </Tabs>
      </PageFrame>
    </main>
  );
}
