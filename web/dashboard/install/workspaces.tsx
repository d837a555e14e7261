import { type InstanceWorkspace, workspaces } from '@core/standing.ts';
import { useQuery } from '@tanstack/react-query';
import { Button, Card, Chip, Icon, patient, Row } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { Answered } from '../shell/page.tsx';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';

const ReleaseDialog = lazy(patient(() => import('./release.tsx')));
const OpenDialog = lazy(patient(() => import('./openworkspace.tsx')));

export const workspacesKey = ['instance-workspaces'];

/** The workspaces of an install by name and counts; a look into one asks for a reason. */
export default function Workspaces() {
  const { t } = useText();
  const [open, setOpen] = useState<InstanceWorkspace | null>(null);
  const may = useCan('instance.suspend');
  const query = useQuery({
    queryKey: workspacesKey,
    queryFn: ({ signal }) => workspaces.list({ signal }),
    staleTime: 0,
  });
  return (
    <Answered query={query}>
      <Card title={t('install.workspaces')} text={t('install.workspaces_text')}>
        <ul>
          {query.data?.items.map((w) => (
            <li key={w.id}>
              <Row
                start={<Icon name={w.suspended || w.closed ? 'lock' : 'users'} className="text-ink-3" />}
                title={<bdi>{w.name}</bdi>}
                text={[
                  t('install.members', { count: w.members }),
                  t('install.channels', { count: w.channels }),
                  t('install.conversations', { count: w.conversations }),
                ].join(' · ')}
                end={
                  <>
                    {w.open_appeals ? (
                      <Chip tone="warn" icon="chat" className="flex-none">
                        {t('install.appeal')}
                      </Chip>
                    ) : null}
                    {w.suspended ? (
                      <Chip tone="bad" className="flex-none">
                        {t('install.suspended')}
                      </Chip>
                    ) : null}
                    {w.closed ? (
                      <Chip className="flex-none">{t(w.ending ? 'install.ended' : 'install.closed')}</Chip>
                    ) : null}
                    {w.ending ? (
                      <Button
                        size="s"
                        disabled={!may}
                        onClick={() => setOpen(w)}
                        aria-label={t('install.release_named', { name: w.name })}
                      >
                        {t('install.release')}
                      </Button>
                    ) : w.own ? (
                      <Chip className="flex-none">{t('install.own')}</Chip>
                    ) : (
                      <Button
                        size="s"
                        onClick={() => setOpen(w)}
                        aria-label={t('install.open_named', { name: w.name })}
                      >
                        {t('install.open')}
                      </Button>
                    )}
                  </>
                }
              />
            </li>
          ))}
        </ul>
      </Card>
      <Suspense>
        {open?.ending ? <ReleaseDialog workspace={open} onClose={() => setOpen(null)} /> : null}
        {open && !open.ending ? <OpenDialog workspace={open} onClose={() => setOpen(null)} /> : null}
      </Suspense>
    </Answered>
  );
}
