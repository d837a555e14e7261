import { useNavigate, useParams } from '@tanstack/react-router';
import { patient, TabPage, Tabs } from '@ui';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { AlertList } from '../alerts/list.tsx';
import { PageFrame } from '../shell/page.tsx';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';

const Backups = lazy(patient(() => import('./backups.tsx')));
const BreachDesk = lazy(patient(() => import('../breach/desk.tsx')));
const Errors = lazy(patient(() => import('./errors.tsx')));
const Workspaces = lazy(patient(() => import('./workspaces.tsx')));
const Refused = lazy(patient(() => import('./browser.tsx')));

const tabs = ['alerts', 'breach', 'workspaces', 'backups', 'errors', 'browser'] as const;
type Tab = (typeof tabs)[number];

/** What its operator sees of an install: no message, no contact, no member. */
export function InstallScreen() {
  const { t } = useText();
  const navigate = useNavigate();
  const params = useParams({ from: '/desk/install/{-$tab}' });
  const [incident, setIncident] = useState<string>();
  const maySuspend = useCan('instance.suspend');
  const tab = tabs.find((x) => x === params.tab) ?? 'alerts';
  const page = (value: Tab, content: ReactNode) => (
    <TabPage value={value} className="pt-5">
      <Suspense>{content}</Suspense>
    </TabPage>
  );
  return (
    <main id="main" className="grid min-h-0 min-w-0">
      <PageFrame title={t('install.title')}>
        <Tabs
          label={t('install.title')}
          value={tab}
          onChange={(next) => void navigate({ to: '/install/{-$tab}', params: { tab: next }, replace: true })}
          tabs={tabs.map((x) => ({ value: x, label: t(`install.${x}`) }))}
        >
          {page('alerts', <AlertList of="install" mayClose={maySuspend} />)}
          {page('breach', <BreachDesk of="install" id={incident} onShow={setIncident} />)}
          {page('workspaces', <Workspaces />)}
          {page('backups', <Backups />)}
          {page('errors', <Errors />)}
          {page('browser', <Refused />)}
        </Tabs>
      </PageFrame>
    </main>
  );
}
