import { channels as channelCalls } from '@core/api.ts';
import { takeArrival } from '@core/arrival.ts';
import { onSignedOut } from '@core/http.ts';
import { key } from '@core/merge.ts';
import { asProblem } from '@core/problem.ts';
import { isView } from '@core/views.ts';
import { createRootRoute, createRoute, createRouter, Outlet, redirect } from '@tanstack/react-router';
import { InboxScreen } from './inbox/screen.tsx';
import { Broken, Missing } from './shell/broken.tsx';
import { screen } from './shell/late.tsx';
import { Shell } from './shell/shell.tsx';
import { makeClient, q } from './state/queries.ts';

export const client = makeClient();

// Before the router reads the address: the code in it is for nobody else.
const arrival = takeArrival(window.location, window.history, channelCalls.finish);

const root = createRootRoute({ component: Outlet, notFoundComponent: Missing, errorComponent: Broken });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (s: Record<string, unknown>): { to?: string } =>
    // Only a path of our own: "//host" would lead away.
    typeof s.to === 'string' && /^\/(?!\/|\\)/.test(s.to) ? { to: s.to } : {},
  component: screen(() => import('./signin/signin.tsx').then((m) => m.SignIn)),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: screen(() => import('./signin/setup.tsx').then((m) => m.Setup)),
});

const forgot = createRoute({
  getParentRoute: () => root,
  path: '/forgot',
  component: screen(() => import('./signin/forgot.tsx').then((m) => m.Forgot)),
});

const letter = screen(() => import('./signin/letter.tsx').then((m) => m.Letter));
const reset = createRoute({ getParentRoute: () => root, path: '/reset', component: letter });
const invitation = createRoute({ getParentRoute: () => root, path: '/invitation', component: letter });

const desk = createRoute({
  getParentRoute: () => root,
  id: 'desk',
  beforeLoad: async ({ location }) => {
    try {
      return { me: await client.ensureQueryData(q.me()) };
    } catch (err) {
      if (asProblem(err).status !== 401) throw err;
      const to = location.pathname === '/' ? {} : { to: location.pathname };
      throw redirect({ to: '/sign-in', search: to, replace: true });
    }
  },
  component: Shell,
  errorComponent: Broken,
  pendingMs: 150,
});

const home = createRoute({
  getParentRoute: () => desk,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/inbox/$view/{-$id}', params: { view: 'needs_you' }, replace: true });
  },
});

const inbox = createRoute({
  getParentRoute: () => desk,
  path: '/inbox/$view/{-$id}',
  beforeLoad: ({ params }) => {
    if (!isView(params.view)) {
      throw redirect({ to: '/inbox/$view/{-$id}', params: { view: 'needs_you' }, replace: true });
    }
  },
  component: InboxScreen,
});

const knowledge = createRoute({
  getParentRoute: () => desk,
  path: '/knowledge/{-$id}',
  component: screen(() => import('./knowledge/screen.tsx').then((m) => m.KnowledgeScreen)),
});

const agent = createRoute({
  getParentRoute: () => desk,
  path: '/ai/{-$tab}',
  component: screen(() => import('./ai/screen.tsx').then((m) => m.AgentScreen)),
});

const channels = createRoute({
  getParentRoute: () => desk,
  path: '/channels/{-$id}',
  component: screen(() => import('./channels/screen.tsx').then((m) => m.ChannelsScreen)),
});

const connected = createRoute({
  getParentRoute: () => desk,
  path: '/channels/connected',
  beforeLoad: () => ({ arrival }),
  component: screen(() => import('./channels/connected.tsx').then((m) => m.ConnectedScreen)),
});

const settings = createRoute({
  getParentRoute: () => desk,
  path: '/settings/{-$tab}',
  component: screen(() => import('./settings/screen.tsx').then((m) => m.SettingsScreen)),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    setup,
    forgot,
    reset,
    invitation,
    desk.addChildren([home, inbox, knowledge, agent, channels, connected, settings]),
  ]),
  defaultPreload: 'intent',
  scrollRestoration: false,
});

onSignedOut(() => {
  client.removeQueries({ queryKey: key.me });
  const here = router.state.location.pathname;
  if (/^\/(sign-in|setup|forgot|reset|invitation)$/.test(here)) return;
  client.clear();
  void router.navigate({ to: '/sign-in', search: here === '/' ? {} : { to: here }, replace: true });
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
