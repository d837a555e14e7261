import { workspace } from '@core/api.ts';
import { key } from '@core/merge.ts';
import type { Workspace } from '@core/types.ts';
import { views } from '@core/views.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet, useNavigate, useRouter } from '@tanstack/react-router';
import { Banner, Button, patient } from '@ui';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { ProofRoot } from '../proof/root.tsx';
import { type Command, CommandsRoot, useCommands } from '../state/commands.tsx';
import { DeskRoot, useCan, useDesk, useLink, useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { usePrefs } from '../state/prefs.tsx';
import { q } from '../state/queries.ts';
import { BottomBar, Nav, settings, usePlaces } from './nav.tsx';
import { useSignOut } from './signout.ts';

const loadPalette = () => import('./palette.tsx');
const CommandPalette = lazy(patient(loadPalette));
const Agree = lazy(patient(() => import('../agree/card.tsx')));
const ShortcutSheet = lazy(patient(() => import('./shortcuts.tsx')));

/** The frame round every signed-in screen. */
export function Shell() {
  const client = useQueryClient();
  const router = useRouter();
  const { data: me } = useQuery(q.me());
  const onSignedOut = useCallback(() => {
    client.removeQueries({ queryKey: key.me });
    void router.invalidate();
  }, [client, router]);
  if (!me) return null;
  return (
    <DeskRoot key={`${me.workspace.id}/${me.member.id}`} me={me} onSignedOut={onSignedOut}>
      <CommandsRoot>
        <Inside />
      </CommandsRoot>
    </DeskRoot>
  );
}

function Inside() {
  const { t } = useText();
  const [layer, setLayer] = useState<'palette' | 'shortcuts' | null>(null);
  const close = useCallback(() => setLayer(null), []);
  useEffect(() => {
    // Ready before it is wanted, so that what is typed after Ctrl K is never lost.
    const timer = setTimeout(() => void loadPalette().catch(() => {}), 1500);
    return () => clearTimeout(timer);
  }, []);
  useGlobalCommands(
    () => setLayer('palette'),
    () => setLayer('shortcuts'),
  );
  return (
    <div className="flex h-full flex-col">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:start-2 focus:top-2 focus:z-50 focus:rounded-medium focus:bg-surface focus:px-3 focus:py-2 focus:shadow-2"
      >
        {t('app.skip')}
      </a>
      <Notices />
      <Asked />
      <div className="grid min-h-0 flex-1 grid-cols-[208px_minmax(0,1fr)] max-[1100px]:grid-cols-[52px_minmax(0,1fr)] phone:grid-cols-1">
        <Nav onSearch={() => setLayer('palette')} />
        <Outlet />
      </div>
      <BottomBar />
      <Suspense>
        {layer === 'palette' ? <CommandPalette onClose={close} /> : null}
        {layer === 'shortcuts' ? <ShortcutSheet onClose={close} /> : null}
      </Suspense>
      <ProofRoot />
    </div>
  );
}

const placeKeys: Partial<Record<string, string[]>> = {
  'nav.knowledge': ['g k'],
  'nav.agent': ['g a'],
  'nav.settings': ['g s'],
};

function useGlobalCommands(openPalette: () => void, openShortcuts: () => void): void {
  const { t } = useText();
  const navigate = useNavigate();
  const { prefs, choose } = usePrefs();
  const signOut = useSignOut();
  const viewKeys: Partial<Record<string, string[]>> = { needs_you: ['g n'], mine: ['g m'] };
  const reads = useCan('conversation.read');
  const go: Command[] = (reads ? views : []).map((view) => ({
    id: `view-${view}`,
    group: 'go',
    label: t(`view.${view}`),
    icon: 'inbox',
    keys: viewKeys[view],
    run: () => void navigate({ to: '/inbox/$view/{-$id}', params: { view, id: undefined } }),
  }));
  const places: Command[] = [...usePlaces(), settings].map((p) => ({
    id: p.name,
    group: 'go',
    label: t(p.name),
    icon: p.icon,
    keys: placeKeys[p.name],
    run: () => void navigate({ to: p.to, params: { id: undefined, tab: undefined } as never }),
  }));
  useCommands([
    ...go,
    ...places,
    {
      id: 'palette',
      group: 'app',
      label: t('nav.search'),
      icon: 'search',
      keys: ['mod+k'],
      run: openPalette,
    },
    {
      id: 'shortcuts',
      group: 'app',
      label: t('keys.title'),
      icon: 'keyboard',
      keys: ['?'],
      run: openShortcuts,
    },
    {
      id: 'theme',
      group: 'app',
      label: t('theme.switch'),
      icon: 'moon',
      run: () => {
        const dark = document.documentElement.classList.contains('dark');
        choose({ theme: dark ? 'light' : 'dark' });
      },
    },
    {
      id: 'language',
      group: 'app',
      label: t('language.switch'),
      icon: 'globe',
      run: () => choose({ language: document.documentElement.lang === 'tr' ? 'en' : 'tr' }),
    },
    {
      id: 'plain-keys',
      group: 'app',
      label: prefs.shortcuts ? t('keys.turn_off') : t('keys.turn_on'),
      icon: 'keyboard',
      run: () => choose({ shortcuts: !prefs.shortcuts }),
    },
    { id: 'sign-out', group: 'app', label: t('nav.sign_out'), icon: 'out', run: signOut },
  ]);
}

/** What one has not agreed to yet; nothing is closed meanwhile. */
function Asked() {
  const { me } = useDesk();
  const [asks] = useState(() => me.acknowledge.length > 0);
  return asks ? (
    <Suspense>
      <Agree />
    </Suspense>
  ) : null;
}

/** What everybody must know right now, over all screens. */
function Notices() {
  const { t } = useText();
  const { me } = useDesk();
  const link = useLink();
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (link === 'live') return setLate(false);
    // A reconnect of a second or two is not worth a word.
    const timer = setTimeout(() => setLate(true), 1500);
    return () => clearTimeout(timer);
  }, [link]);
  const client = useQueryClient();
  const attempt = useTry();
  const may = useCan('workspace.write');
  const paused = useQuery(q.workspace()).data?.paused;
  const resume = () =>
    void attempt(async () => {
      client.setQueryData<Workspace>(key.workspace, await workspace.change({ paused: false }));
    });
  return (
    <>
      {me.dev ? (
        <Banner tone="info" icon="info" className="py-1! text-meta">
          {t('notice.dev')}
        </Banner>
      ) : null}
      {late ? (
        <Banner tone="warn" icon="refresh">
          {t('notice.reconnecting')}
        </Banner>
      ) : null}
      {paused ? (
        <Banner
          tone="ai"
          icon="pause"
          action={
            may ? (
              <Button size="s" onClick={resume} icon="play">
                {t('ai.resume')}
              </Button>
            ) : null
          }
        >
          {t('notice.paused')}
        </Banner>
      ) : null}
    </>
  );
}
