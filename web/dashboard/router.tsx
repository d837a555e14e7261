import { channels as channelCalls } from '@core/api.ts';
import { takeArrival } from '@core/arrival.ts';
import { onHeld, onSignedOut } from '@core/http.ts';
import { key } from '@core/merge.ts';
import { asProblem } from '@core/problem.ts';
import { takeReturn } from '@core/return.ts';
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

const back = takeReturn(window.location, window.history);

const root = createRootRoute({ component: Outlet, notFoundComponent: Missing, errorComponent: Broken });

/** Where one wanted to go. Only a path of our own: "//host" would lead away. */
const wanted = (s: Record<string, unknown>): { to?: string } =>
  typeof s.to === 'string' && /^\/(?!\/|\\)/.test(s.to) ? { to: s.to } : {};
const asWanted = (path: string) => (path === '/' ? {} : { to: path });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: wanted,
  component: screen(() => import('./signin/signin.tsx').then((m) => m.SignIn)),
});

const fromOutside = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/$way',
  beforeLoad: () => ({ back }),
  component: screen(() => import('./signin/back.tsx').then((m) => m.Back)),
});

const mailLink = createRoute({
  getParentRoute: () => root,
  path: '/mail-link',
  component: screen(() => import('./signin/forgot.tsx').then((m) => m.MailLink)),
});

const secondStep = createRoute({
  getParentRoute: () => root,
  path: '/second-step',
  validateSearch: wanted,
  component: screen(() => import('./signin/step.tsx').then((m) => m.Step)),
});

const suspended = createRoute({
  getParentRoute: () => root,
  path: '/suspended',
  component: screen(() => import('./signin/suspended.tsx').then((m) => m.Suspended)),
});

const closed = createRoute({
  getParentRoute: () => root,
  path: '/closed',
  component: screen(() => import('./signin/closed.tsx').then((m) => m.Closed)),
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
const link = createRoute({ getParentRoute: () => root, path: '/link', component: letter });
const invitation = createRoute({ getParentRoute: () => root, path: '/invitation', component: letter });

const desk = createRoute({
  getParentRoute: () => root,
  id: 'desk',
  beforeLoad: async ({ location }) => {
    const search = asWanted(location.pathname);
    const me = await client.ensureQueryData(q.me()).catch((err) => {
      if (asProblem(err).status !== 401) throw err;
      throw redirect({ to: '/sign-in', search, replace: true });
    });
    if (me.step) throw redirect({ to: '/second-step', search, replace: true });
    if (me.workspace.closed) throw redirect({ to: '/closed', replace: true });
    if (me.workspace.suspended) throw redirect({ to: '/suspended', replace: true });
    return { me };
  },
  component: Shell,
  errorComponent: Broken,
  pendingMs: 150,
});

const home = createRoute({
  getParentRoute: () => desk,
  path: '/',
  beforeLoad: ({ context }) => {
    const may = context.me.permissions;
    if (may.includes('conversation.read')) {
      throw redirect({ to: '/inbox/$view/{-$id}', params: { view: 'needs_you' }, replace: true });
    }
    if (may.includes('instance.read')) throw redirect({ to: '/install/{-$tab}', replace: true });
    if (may.includes('report.read')) {
      throw redirect({ to: '/ai/{-$tab}', params: { tab: 'numbers' }, replace: true });
    }
    throw redirect({ to: '/settings/{-$tab}', replace: true });
  },
});

const inbox = createRoute({
  getParentRoute: () => desk,
  path: '/inbox/$view/{-$id}',
  beforeLoad: ({ params, context }) => {
    if (!context.me.permissions.includes('conversation.read')) throw redirect({ to: '/', replace: true });
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

const privacy = createRoute({
  getParentRoute: () => desk,
  path: '/data-rights/{-$tab}/{-$id}',
  component: screen(() => import('./privacy/screen.tsx').then((m) => m.PrivacyScreen)),
});

const install = createRoute({
  getParentRoute: () => desk,
  path: '/install/{-$tab}',
  component: screen(() => import('./install/screen.tsx').then((m) => m.InstallScreen)),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    fromOutside,
    mailLink,
    secondStep,
    suspended,
    closed,
    setup,
    forgot,
    reset,
    invitation,
    link,
    desk.addChildren([home, inbox, knowledge, agent, channels, connected, privacy, settings, install]),
  ]),
  defaultPreload: 'intent',
  scrollRestoration: false,
});

/** Pages one sees before one is somebody. */
const outer = /^\/(sign-in(\/.*)?|mail-link|link|second-step|setup|forgot|reset|invitation)$/;

onSignedOut(() => {
  client.removeQueries({ queryKey: key.me });
  const here = router.state.location.pathname;
  if (outer.test(here)) return;
  client.clear();
  void router.navigate({ to: '/sign-in', search: asWanted(here), replace: true });
});

// A second factor is demanded from now on, or the workspace was suspended or closed: what
// is shown may not be asked for any more.
onHeld((to) => {
  const here = router.state.location.pathname;
  if (here === to) return;
  client.clear();
  void router.navigate({ to, search: to === '/second-step' ? asWanted(here) : {}, replace: true });
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
