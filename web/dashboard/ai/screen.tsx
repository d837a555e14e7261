import { workspace } from '@core/api.ts';
import { key } from '@core/merge.ts';
import type { Workspace } from '@core/types.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useBlocker, useNavigate, useParams } from '@tanstack/react-router';
import { Button, Chip, type IconName, patient, TabPage, Tabs, type Tone } from '@ui';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Answered, PageFrame } from '../shell/page.tsx';
import { useCan, useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Alarm } from './alarm.tsx';
import { TryBeside } from './beside.tsx';
import { Control } from './control.tsx';
import { SaveBar } from './savebar.tsx';
import { reach } from './setup.ts';
import { type Loaded, useLoaded, useSetup } from './state.ts';

const Voice = lazy(patient(() => import('./voice.tsx')));
const Model = lazy(patient(() => import('./model.tsx')));
const Acts = lazy(patient(() => import('./acts.tsx')));
const Knowledge = lazy(patient(() => import('./knowledge.tsx')));
const History = lazy(patient(() => import('./history.tsx')));
const Evaluation = lazy(patient(() => import('./evaluation.tsx')));

const tabs = ['control', 'voice', 'model', 'knowledge', 'actions', 'evaluation', 'history'] as const;
type Tab = (typeof tabs)[number];

/** Pages of Evaluation, each with an address of its own. */
const within = ['evaluation', 'replay', 'bias', 'numbers'] as const;

/** What the AI may do, how it speaks, with whose model, and a place to try it. */
export function AgentScreen() {
  const { t } = useText();
  const query = useLoaded();
  return (
    <main id="main" className="grid min-h-0 min-w-0 grid-cols-[minmax(0,1fr)_384px] max-[1279px]:grid-cols-1">
      {query.data ? (
        <Agent loaded={query.data} />
      ) : (
        <PageFrame wide title={t('nav.agent')}>
          <Answered query={query}>{null}</Answered>
        </PageFrame>
      )}
    </main>
  );
}

function Agent({ loaded }: { loaded: Loaded }) {
  const { t } = useText();
  const params = useParams({ from: '/desk/ai/{-$tab}' });
  const navigate = useNavigate();
  const mayChange = useCan('workspace.write');
  const e = useSetup(loaded);
  const [trying, setTrying] = useState(false);
  useLeaveGuard(e.changes.length > 0 && !e.busy, t('app.unsaved'));
  const shown = tabs.filter((x) => x !== 'history' || mayChange);
  const inner = within.find((x) => x === params.tab);
  const tab = inner ? 'evaluation' : (shown.find((x) => x === params.tab) ?? 'control');
  const page = (value: Tab, content: ReactNode) => (
    <TabPage value={value} className="pt-5">
      <Suspense>{content}</Suspense>
    </TabPage>
  );
  return (
    <>
      <div className="flex min-h-0 min-w-0 flex-col">
        <PageFrame
          wide
          title={<Title loaded={loaded} mine={e.base} />}
          actions={<Head loaded={loaded} onTry={() => setTrying(true)} />}
        >
          <Tabs
            label={t('nav.agent')}
            value={tab}
            onChange={(next) =>
              void navigate({
                to: '/ai/{-$tab}',
                params: { tab: next === 'control' ? undefined : next },
                replace: true,
              })
            }
            tabs={shown.map((x) => ({
              value: x,
              label:
                x === 'evaluation' ? (
                  <>
                    {t('agent.tab.evaluation')}
                    <Alarm />
                  </>
                ) : (
                  t(`agent.tab.${x}`)
                ),
            }))}
          >
            {page('control', <Control e={e} />)}
            {page('voice', <Voice e={e} />)}
            {page('model', <Model e={e} />)}
            {page('knowledge', <Knowledge />)}
            {page('actions', <Acts e={e} />)}
            {page('evaluation', <Evaluation e={e} page={inner ?? 'evaluation'} />)}
            {page('history', <History e={e} />)}
          </Tabs>
        </PageFrame>
        <SaveBar e={e} />
      </div>
      <TryBeside
        channels={loaded.channels}
        unsaved={e.changes.length > 0}
        label={t('agent.try.title')}
        open={trying}
        onClose={() => setTrying(false)}
      />
    </>
  );
}

const looks: Record<ReturnType<typeof reach>, { tone: Tone; icon: IconName }> = {
  paused: { tone: 'warn', icon: 'pause' },
  off: { tone: 'plain', icon: 'hand' },
  draft: { tone: 'ai', icon: 'pen' },
  autopilot: { tone: 'ok', icon: 'check' },
};

function Title({ loaded, mine }: { loaded: Loaded; mine: Parameters<typeof reach>[0] }) {
  const { t } = useText();
  const now = reach(mine, loaded.ws.paused);
  return (
    <span className="inline-flex items-center gap-2.5">
      {t('nav.agent')}
      <Chip tone={looks[now].tone} icon={looks[now].icon} className="tracking-normal">
        {t(`agent.state.${now}`)}
      </Chip>
    </span>
  );
}

function Head({ loaded, onTry }: { loaded: Loaded; onTry: () => void }) {
  const { t } = useText();
  const may = useCan('workspace.write');
  const client = useQueryClient();
  const attempt = useTry();
  const { paused } = loaded.ws;
  const [busy, setBusy] = useState(false);
  const pause = async () => {
    setBusy(true);
    await attempt(async () => {
      client.setQueryData<Workspace>(key.workspace, await workspace.change({ paused: !paused }));
    });
    setBusy(false);
  };
  return (
    <>
      <Button icon="spark" onClick={onTry} className="min-[1280px]:hidden">
        {t('agent.try.title')}
      </Button>
      {may ? (
        <Button
          kind={paused ? 'outline' : 'danger'}
          icon={paused ? 'play' : 'pause'}
          busy={busy}
          onClick={() => void pause()}
        >
          {paused ? t('ai.resume') : t('settings.pause')}
        </Button>
      ) : null}
    </>
  );
}

function useLeaveGuard(on: boolean, text: string): void {
  useBlocker({
    // Between the tabs the edits stay.
    shouldBlockFn: ({ current, next }) => on && current.routeId !== next.routeId && !window.confirm(text),
    enableBeforeUnload: () => on,
  });
}
