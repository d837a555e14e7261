import type { Theme } from '@core/prefs.ts';
import type { View } from '@core/types.ts';
import { views } from '@core/views.ts';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Avatar, cn, Icon, IconButton, type IconName, Kbd, Menu, type MenuEntry } from '@ui';
import type { ReactElement } from 'react';
import { useCan, useDesk } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { usePrefs } from '../state/prefs.tsx';
import { foundIn, q } from '../state/queries.ts';
import { useSignOut } from './signout.ts';

const item =
  'ring-inner flex h-[30px] items-center gap-[9px] rounded-small px-2 font-medium text-ink-2 hover:bg-hover aria-[current=page]:bg-surface aria-[current=page]:font-semibold aria-[current=page]:text-ink aria-[current=page]:shadow-[var(--lift-1),inset_0_0_0_1px_var(--line)] max-[1100px]:justify-center max-[1100px]:px-0';
const words = 'max-[1100px]:sr-only';

/** Counts stop at a thousand: the exact figure would cost more than it tells. */
export function countText(n: number, number: (n: number) => string): string {
  return n >= 1000 ? `${number(999)}+` : number(n);
}

export function useCounts() {
  return useQuery({ ...q.counts(), enabled: useCan('conversation.read') }).data;
}

const useHealth = () => useQuery({ ...q.health(), enabled: useCan('knowledge.read') }).data;

function Count({ n, hot }: { n: number | undefined; hot?: boolean }) {
  const { format } = useText();
  if (!n) return null;
  return (
    <span
      className={cn(
        'num ms-auto text-meta font-medium text-ink-3 max-[1100px]:sr-only',
        hot && 'rounded-[5px] bg-brand px-1.5 leading-[18px] font-semibold text-on-brand',
      )}
    >
      {countText(n, (x) => format.number(x))}
    </span>
  );
}

const viewIcons: Record<View, IconName> = {
  needs_you: 'inbox',
  mine: 'user',
  unassigned: 'users',
  ai: 'spark',
  waiting: 'moon',
  snoozed: 'clock',
  closed: 'check',
  all: 'search',
};

function ViewLink({ view, first }: { view: View; first: boolean }) {
  const { t } = useText();
  const counts = useCounts();
  const n = view === 'closed' || view === 'all' ? undefined : counts?.[view];
  return (
    <Link
      to="/inbox/$view/{-$id}"
      params={{ view, id: undefined }}
      title={t(`view.${view}`)}
      activeOptions={{ exact: false }}
      className={cn(item, !first && 'min-[1101px]:ps-[33px]')}
    >
      <Icon name={viewIcons[view]} className={first ? '' : 'min-[1101px]:hidden'} />
      <span className={words}>{t(`view.${view}`)}</span>
      <Count n={n} hot={first} />
    </Link>
  );
}

const nowhere = { id: undefined, tab: undefined } as never;

const all = [
  { to: '/knowledge/{-$id}', icon: 'book', name: 'nav.knowledge', needs: 'knowledge.read' },
  { to: '/ai/{-$tab}', icon: 'spark', name: 'nav.agent', needs: 'knowledge.read' },
  { to: '/channels/{-$id}', icon: 'plug', name: 'nav.channels', needs: 'channel.read' },
  { to: '/data-rights/{-$tab}/{-$id}', icon: 'lock', name: 'nav.privacy', needs: 'case.read' },
  { to: '/install/{-$tab}', icon: 'shield', name: 'nav.install', needs: 'instance.read' },
] as const;
export const settings = { to: '/settings/{-$tab}', icon: 'gear', name: 'nav.settings' } as const;

/** The screens beside the inbox that one may open. */
export function usePlaces() {
  const { permissions } = useDesk().me;
  return all.filter((p) => permissions.includes(p.needs));
}

type Somewhere = (typeof all)[number] | typeof settings;

function Place({ place, n, hot }: { place: Somewhere; n?: number; hot?: boolean }) {
  const { t } = useText();
  return (
    <Link to={place.to} params={nowhere} title={t(place.name)} className={item}>
      <Icon name={place.icon} />
      <span className={words}>{t(place.name)}</span>
      <Count n={n} hot={hot} />
    </Link>
  );
}

export function Logo({ size = 26 }: { size?: number }) {
  return (
    <span
      aria-hidden="true"
      className="grid flex-none place-items-center rounded-medium bg-brand text-on-brand"
      style={{ width: size, height: size }}
    >
      <Icon name="mark" size={Math.round(size * 0.62)} />
    </span>
  );
}

export function Nav({ onSearch }: { onSearch: () => void }) {
  const { t } = useText();
  const { me } = useDesk();
  const places = usePlaces();
  const reads = useCan('conversation.read');
  const health = useHealth();
  const waiting: Partial<Record<IconName, number>> = { book: foundIn(health), spark: health?.alarms };
  return (
    <nav
      aria-label={t('nav.main')}
      className="flex min-h-0 flex-col gap-0.5 overflow-y-auto border-e border-line bg-canvas p-2.5 phone:hidden"
    >
      <div className="flex h-10 flex-none items-center gap-[9px] px-1.5 font-semibold max-[1100px]:justify-center max-[1100px]:px-0">
        <Logo />
        <span className={cn('truncate', words)} title={me.workspace.name}>
          {me.workspace.name}
        </span>
      </div>
      <button
        type="button"
        onClick={onSearch}
        className="my-1.5 mb-2 flex h-8 w-full flex-none items-center gap-2 rounded-medium border border-line bg-surface px-2 text-ink-3 hover:border-line-2 max-[1100px]:justify-center max-[1100px]:px-0"
      >
        <Icon name="search" />
        <span className={words}>{t('nav.search')}</span>
        <Kbd keys="mod+k" className="ms-auto max-[1100px]:hidden" />
      </button>
      {reads ? views.map((v, i) => <ViewLink key={v} view={v} first={i === 0} />) : null}
      <h2 className="px-2 pt-3.5 pb-1 text-[11.5px] leading-4 weight-550 text-ink-3 max-[1100px]:sr-only">
        {t('nav.workspace')}
      </h2>
      {places.map((p) => (
        <Place key={p.to} place={p} n={waiting[p.icon]} hot={p.icon === 'spark'} />
      ))}
      <span className="flex-1" />
      <Place place={settings} />
      <MeRow />
    </nav>
  );
}

function MeRow() {
  const { t, language } = useText();
  const { me } = useDesk();
  return (
    <div className="mt-2 flex items-center gap-[9px] border-t border-line px-1.5 pt-2 max-[1100px]:justify-center max-[1100px]:px-0">
      <span className="max-[1100px]:hidden">
        <Avatar
          name={me.member.name}
          seed={me.member.id}
          size="s"
          src={me.member.picture}
          locale={language}
        />
      </span>
      <div className={cn('min-w-0 flex-1', words)}>
        <div className="truncate font-medium">{me.member.name}</div>
        <div className="truncate text-meta text-ink-3">{t(`role.${me.member.role as 'owner'}`)}</div>
      </div>
      <MeMenu trigger={<IconButton icon="more" label={t('nav.you')} size="s" />} />
    </div>
  );
}

function MeMenu({ trigger }: { trigger: ReactElement }) {
  const { t } = useText();
  const { prefs, choose } = usePrefs();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const theme = (name: Theme, icon: IconName): MenuEntry => ({
    label: t(`theme.${name}`),
    icon: prefs.theme === name ? 'check' : icon,
    run: () => choose({ theme: name }),
  });
  return (
    <Menu
      trigger={trigger}
      label={t('nav.you')}
      entries={[
        theme('system', 'screen'),
        theme('light', 'sun'),
        theme('dark', 'moon'),
        'line',
        {
          label: t('nav.profile'),
          icon: 'gear',
          run: () => void navigate({ to: '/settings/{-$tab}', params: { tab: 'profile' } }),
        },
        { label: t('nav.sign_out'), icon: 'out', run: signOut },
      ]}
    />
  );
}

/** Phones: the places at the thumb. */
export function BottomBar() {
  const { t, format } = useText();
  const places = usePlaces();
  const reads = useCan('conversation.read');
  const counts = useCounts();
  const alarms = useHealth()?.alarms;
  const bubble = (n: number | undefined) =>
    n ? (
      <span className="num absolute start-1/2 top-1 ms-2 rounded-full bg-brand px-1.5 text-[10px] leading-4 font-semibold text-on-brand">
        {countText(n, (x) => format.number(x))}
      </span>
    ) : null;
  const cell =
    'ring-inner relative flex flex-auto flex-col items-center justify-center gap-0.5 px-1 text-[11px] whitespace-nowrap leading-4 font-medium text-ink-3 aria-[current=page]:text-brand-ink';
  return (
    <nav
      aria-label={t('nav.main')}
      className="hidden h-14 flex-none border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] phone:flex"
    >
      {reads ? (
        <Link to="/inbox/$view/{-$id}" params={{ view: 'needs_you', id: undefined }} className={cell}>
          <Icon name="inbox" size={20} />
          {t('nav.inbox')}
          {bubble(counts?.needs_you)}
        </Link>
      ) : null}
      {[...places, settings].map((p) => (
        <Link key={p.to} to={p.to} params={nowhere} className={cell}>
          <Icon name={p.icon} size={20} />
          {t(p.name)}
          {p.icon === 'spark' ? bubble(alarms) : null}
        </Link>
      ))}
    </nav>
  );
}
