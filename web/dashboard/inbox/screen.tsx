import { extended, moved, neighbour, type Roving, ticked } from '@core/roving.ts';
import type { Conversation, View } from '@core/types.ts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { cn, Dialog, patient } from '@ui';
import {
  lazy,
  type ReactNode,
  Suspense,
  useCallback,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useSteady } from '../state/box.ts';
import { type Command, useCommands } from '../state/commands.tsx';
import { useCan, useDesk } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { useKeys } from '../state/keyboard.tsx';
import { q } from '../state/queries.ts';
import { type Actions, useActions } from './actions.ts';
import { ContactPanel } from './contact.tsx';
import { ConversationList, type Rows } from './list.tsx';
import { Bulk, type Filter, Filters, ListHead } from './listhead.tsx';
import { type Ask, NoThread, Thread } from './thread.tsx';

const AssignDialog = lazy(patient(() => import('./assign.tsx')));
const EraseDialog = lazy(patient(() => import('./erase.tsx')));
const LabelDialog = lazy(patient(() => import('./label.tsx')));
const SnoozeDialog = lazy(patient(() => import('./snooze.tsx')));

const settle = 140; // ms: holding j runs through the list without loading every thread

function useRows(view: View, text: string, filter: Filter): Rows {
  const { live } = useDesk();
  const query = useInfiniteQuery(q.list(view, text));
  useEffect(() => {
    void live.refreshHead(view, text);
  }, [live, view, text]);
  const items = useMemo(() => {
    const all = query.data?.pages.flatMap((p) => p.items) ?? [];
    return filter === 'every' ? all : all.filter((c) => c.needs.includes(filter));
  }, [query.data, filter]);
  const { fetchNextPage, refetch, isFetchingNextPage, hasNextPage } = query;
  const loadMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  // A filter may leave nothing of a page: look on until something shows or the list ends.
  const look = filter !== 'every' && items.length < 12 && hasNextPage;
  useEffect(() => {
    if (look) loadMore();
  }, [look, loadMore]);
  return {
    items,
    isPending: query.isPending,
    error: query.error,
    hasMore: hasNextPage,
    loadMore,
    reload: () => void refetch(),
  };
}

/** The inbox: list, thread and contact beside each other; on phones one after the other. */
export function InboxScreen() {
  const { t } = useText();
  const params = useParams({ from: '/desk/inbox/$view/{-$id}' });
  const view = params.view as View;
  const openId = params.id ?? '';
  const navigate = useNavigate();
  const actions = useActions();
  const [search, setSearch] = useState<string | null>(null);
  const text = useDeferredValue(search?.trim() ?? '');
  const [filter, setFilter] = useState<Filter>('every');
  const [ask, setAsk] = useState<Ask | null>(null);
  const [panel, setPanel] = useState(false);
  const [erasing, setErasing] = useState<{ id: string; name: string; talk?: string } | null>(null);
  const [roving, setRoving] = useState<Roving>({ cursor: openId, ticked: new Set() });
  const rows = useRows(text ? 'all' : view, text, filter);
  const ids = useMemo(() => rows.items.map((c) => c.id), [rows.items]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another view starts afresh
  useEffect(() => {
    setFilter('every');
    setSearch(null);
    setRoving((r) => ({ ...r, ticked: new Set() }));
  }, [view]);
  useEffect(() => {
    if (openId) setRoving((r) => (r.cursor === openId ? r : { ...r, cursor: openId }));
  }, [openId]);

  const open = useCallback(
    (id: string, replace = false) =>
      void navigate({ to: '/inbox/$view/{-$id}', params: { view, id: id || undefined }, replace }),
    [navigate, view],
  );
  useFollow(roving.cursor, openId, open);

  const targets = roving.ticked.size ? [...roving.ticked] : openId ? [openId] : [];
  const leave = (gone: string[]) => {
    const next = neighbour(ids, new Set(gone), openId);
    setRoving({ cursor: next, ticked: new Set() });
    if (gone.includes(openId)) open(window.matchMedia('(width >= 768px)').matches ? next : '', true);
  };
  const close = useSteady(() => {
    if (targets.length === 0) return;
    const before = targets;
    if (view !== 'closed' && view !== 'all') leave(before);
    void actions.close(before);
  });
  const leaveThread = () => navigate({ to: '/inbox/$view/{-$id}', params: { view, id: undefined } });
  const back = useSteady(() => void leaveThread());
  const see = useSteady(
    (v: View) => void navigate({ to: '/inbox/$view/{-$id}', params: { view: v, id: undefined } }),
  );
  const showPanel = useSteady(() => setPanel(true));
  const erase = useSteady((who: { id: string; name: string }) => {
    setPanel(false);
    setErasing(who);
  });
  const remove = useSteady((c: Conversation) => setErasing({ ...c.contact, talk: c.id }));
  const unread = useSteady(async () => {
    const which = targets;
    // Left first: an open conversation is read at once again.
    if (which.includes(openId)) await leaveThread();
    setRoving({ ...roving, ticked: new Set() });
    void actions.unread(which);
  });
  const clear = useSteady(() => setRoving({ ...roving, ticked: new Set() }));
  const pick = useSteady((id: string) => {
    setRoving({ ...roving, cursor: id });
    open(id);
  });
  useListKeys({
    ids,
    roving,
    setRoving,
    open,
    actions,
    close,
    unread,
    anything: targets.length > 0,
    onAsk: setAsk,
    openSearch: () => setSearch(search ?? ''),
  });

  const opened = useQuery(q.conversation(openId)).data;
  return (
    <main
      id="main"
      className="grid min-h-0 min-w-0 grid-cols-[336px_minmax(0,1fr)_288px] max-[1279px]:grid-cols-[300px_minmax(0,1fr)] phone:grid-cols-1"
    >
      <h1 className="sr-only">{t('nav.inbox')}</h1>
      <section
        aria-label={t(`view.${view}`)}
        className={cn('flex min-h-0 flex-col border-e border-line bg-surface', openId && 'phone:hidden')}
      >
        <ListHead view={view} search={search} setSearch={setSearch} onView={see} />
        {view === 'needs_you' && search === null ? <Filters filter={filter} onChange={setFilter} /> : null}
        {roving.ticked.size ? (
          <Bulk count={roving.ticked.size} onClose={close} onAsk={setAsk} onClear={clear} />
        ) : null}
        <ConversationList
          rows={rows}
          view={text ? 'all' : view}
          search={text}
          openId={openId}
          roving={roving}
          setRoving={setRoving}
          onOpen={pick}
        />
      </section>
      <div className={cn('min-h-0 min-w-0', !openId && 'phone:hidden')}>
        {openId ? (
          <Thread
            id={openId}
            actions={actions}
            onBack={back}
            onPanel={showPanel}
            onAsk={setAsk}
            onClose={close}
            onUnread={unread}
            onDelete={remove}
          />
        ) : (
          <NoThread />
        )}
      </div>
      <aside
        aria-label={t('contact.title')}
        className="min-h-0 overflow-auto border-s border-line bg-canvas p-4 max-[1279px]:hidden"
      >
        {opened ? <ContactPanel key={opened.contact.id} c={opened} onErase={erase} /> : null}
      </aside>
      <Dialog
        open={panel && !!opened}
        onClose={() => setPanel(false)}
        title={t('contact.title')}
        closeLabel={t('app.close')}
        side
      >
        {opened ? <ContactPanel c={opened} onErase={erase} /> : null}
      </Dialog>
      {erasing ? (
        <Suspense>
          <EraseDialog
            contact={erasing}
            talk={erasing.talk}
            onErased={leaveThread}
            onClose={() => setErasing(null)}
          />
        </Suspense>
      ) : null}
      <Asked
        ask={ask}
        targets={targets}
        opened={opened}
        actions={actions}
        onClose={() => setAsk(null)}
        leave={leave}
        view={view}
      />
    </main>
  );
}

/** Opens the row the cursor rests on, where list and thread stand side by side. */
function useFollow(cursor: string, openId: string, open: (id: string, replace?: boolean) => void): void {
  const moving = useRef(cursor);
  useEffect(() => {
    if (moving.current === cursor) return;
    moving.current = cursor;
    if (!cursor || cursor === openId || !window.matchMedia('(width >= 768px)').matches) return;
    const timer = setTimeout(() => open(cursor, true), settle);
    return () => clearTimeout(timer);
  }, [cursor, openId, open]);
}

function useListKeys(o: {
  ids: string[];
  roving: Roving;
  setRoving: (r: Roving) => void;
  open: (id: string) => void;
  actions: Actions;
  close: () => void;
  unread: () => void;
  anything: boolean;
  onAsk: (a: Ask) => void;
  openSearch: () => void;
}): void {
  const { t } = useText();
  const may = useCan('conversation.reply');
  const { ids, roving, setRoving } = o;
  const step = (by: number) => () => setRoving({ ...roving, cursor: moved(ids, roving.cursor, by) });
  const extend = (by: number) => () => setRoving(extended(ids, roving, by));
  const enter = () => {
    const on = document.activeElement;
    // Enter on a button or link presses that, as everywhere.
    if (on instanceof HTMLButtonElement || on instanceof HTMLAnchorElement)
      return (on as HTMLElement).click();
    if (roving.cursor) o.open(roving.cursor);
  };
  const unread: Command = {
    id: 'unread',
    group: 'conversation',
    label: t('keys.unread'),
    icon: 'eye',
    keys: ['u'],
    run: o.unread,
  };
  const many: Command[] = [
    {
      id: 'close-many',
      group: 'conversation',
      label: t('inbox.close_many'),
      icon: 'check',
      keys: ['e'],
      run: o.close,
    },
    {
      id: 'snooze-many',
      group: 'conversation',
      label: t('inbox.snooze_many'),
      icon: 'clock',
      keys: ['h'],
      run: () => o.onAsk('snooze'),
    },
    {
      id: 'assign-many',
      group: 'conversation',
      label: t('inbox.assign_many'),
      icon: 'user',
      keys: ['a'],
      run: () => o.onAsk('assign'),
    },
  ];
  useCommands([
    {
      id: 'search',
      group: 'conversation',
      label: t('keys.search'),
      icon: 'search',
      keys: ['s'],
      run: o.openSearch,
    },
    ...(may && roving.ticked.size ? many : []),
    ...(may && o.anything ? [unread] : []),
  ]);
  useKeys({
    j: step(1),
    down: step(1),
    k: step(-1),
    up: step(-1),
    'shift+j': extend(1),
    'shift+k': extend(-1),
    x: () => roving.cursor && setRoving(ticked(roving, roving.cursor)),
    o: () => roving.cursor && o.open(roving.cursor),
    enter,
    z: o.actions.undo,
    esc: () => {
      const on = document.activeElement;
      if (on instanceof HTMLInputElement || on instanceof HTMLTextAreaElement) on.blur();
      else if (roving.ticked.size) setRoving({ ...roving, ticked: new Set() });
    },
  });
}

function Asked({
  ask,
  targets,
  opened,
  actions,
  onClose,
  leave,
  view,
}: {
  ask: Ask | null;
  targets: string[];
  opened: Conversation | undefined;
  actions: Actions;
  onClose: () => void;
  leave: (ids: string[]) => void;
  view: View;
}): ReactNode {
  if (!ask || targets.length === 0) return null;
  const snooze = (until: Date, text: string) => {
    if (view !== 'snoozed' && view !== 'all') leave(targets);
    void actions.snooze(targets, until, text);
  };
  return (
    <Suspense>
      {ask === 'snooze' ? <SnoozeDialog onClose={onClose} onPick={snooze} /> : null}
      {ask === 'assign' ? (
        <AssignDialog onClose={onClose} onPick={(m) => void actions.assign(targets, m)} />
      ) : null}
      {ask === 'label' && opened ? (
        <LabelDialog
          labels={opened.labels}
          onClose={onClose}
          onSave={(l) => void actions.labels(opened.id, l)}
        />
      ) : null}
    </Suspense>
  );
}
