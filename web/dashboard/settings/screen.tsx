import { useNavigate, useParams } from '@tanstack/react-router';
import { patient, TabPage, Tabs } from '@ui';
import { lazy, Suspense } from 'react';
import { PageFrame } from '../shell/page.tsx';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { AuditTab } from './audit.tsx';
import { KeysTab } from './keys.tsx';
import { MembersTab } from './members.tsx';
import { ProfileTab } from './profile.tsx';
import { SavedTab } from './saved.tsx';
import { WorkspaceTab } from './workspace.tsx';

const SecurityTab = lazy(patient(() => import('./security.tsx')));
const PrivacyTab = lazy(patient(() => import('./privacy.tsx')));

type Tab = 'profile' | 'workspace' | 'members' | 'saved' | 'keys' | 'security' | 'privacy' | 'audit';

/** What holds for oneself, and what holds for everybody. */
export function SettingsScreen() {
  const { t } = useText();
  const navigate = useNavigate();
  const params = useParams({ from: '/desk/settings/{-$tab}' });
  const may: Record<Tab, boolean> = {
    profile: true,
    workspace: useCan('workspace.read'),
    members: useCan('member.read'),
    saved: useCan('conversation.reply'),
    keys: useCan('key.write'),
    security: useCan('audit.read'),
    privacy: useCan('audit.read'),
    audit: useCan('audit.read'),
  };
  const tabs = (Object.keys(may) as Tab[]).filter((x) => may[x]);
  const tab = tabs.find((x) => x === params.tab) ?? 'profile';
  return (
    <main id="main" className="grid min-h-0 min-w-0">
      <PageFrame title={t('nav.settings')}>
        <Tabs
          label={t('nav.settings')}
          value={tab}
          onChange={(next) =>
            void navigate({ to: '/settings/{-$tab}', params: { tab: next }, replace: true })
          }
          tabs={tabs.map((x) => ({ value: x, label: t(`settings.${x}`) }))}
        >
          <TabPage value="profile" className="pt-5">
            <ProfileTab />
          </TabPage>
          <TabPage value="workspace" className="pt-5">
            <WorkspaceTab />
          </TabPage>
          <TabPage value="members" className="pt-5">
            <MembersTab />
          </TabPage>
          <TabPage value="saved" className="pt-5">
            <SavedTab />
          </TabPage>
          <TabPage value="keys" className="pt-5">
            <KeysTab />
          </TabPage>
          <TabPage value="security" className="pt-5">
            <Suspense>
              <SecurityTab />
            </Suspense>
          </TabPage>
          <TabPage value="privacy" className="pt-5">
            <Suspense>
              <PrivacyTab />
            </Suspense>
          </TabPage>
          <TabPage value="audit" className="pt-5">
            <AuditTab />
          </TabPage>
        </Tabs>
      </PageFrame>
    </main>
  );
}
