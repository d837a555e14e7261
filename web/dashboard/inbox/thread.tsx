import { conversations } from '@core/api.ts';
import { serverNow } from '@core/http.ts';
import { key } from '@core/merge.ts';
import type { Conversation, Draft, Message, SavedReply } from '@core/types.ts';
import { windowOf } from '@core/window.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, EmptyState, ErrorState, Later, patient, Spinner } from '@ui';
import { lazy, memo, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useNow, useSteady } from '../state/box.ts';
import { type Command, useCommands } from '../state/commands.tsx';
import { problemText, useCan, useDesk, usePending } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { useKeys } from '../state/keyboard.tsx';
import { q } from '../state/queries.ts';
import type { Actions } from './actions.ts';
import { AiBar } from './aibar.tsx';
import { Composer, type ComposerHandle, type Kind } from './composer.tsx';
import { DraftCard } from './draft.tsx';
import { Header } from './head.tsx';
import { Log } from './log.tsx';

const SavedPicker = lazy(patient(() => import('./saved.tsx')));

export type Ask = 'snooze' | 'assign' | 'label';
type ThreadProps = {
  id: string;
  actions: Actions;
  onBack: () => void;
  onPanel: () => void;
  onAsk: (what: Ask) => void;
  onClose: () => void;
  onUnread: () => void;
  onDelete: (c: Conversation) => void;
};

/** One conversation: who speaks, what was said, and the place to answer. */
export const Thread = memo(function Thread(props: ThreadProps) {
  const { t } = useText();
  const { data: c, error, refetch } = useQuery(q.conversation(props.id));
  if (!c && error) {
    return (
      <Centre>
        <ErrorState title={t('thread.missing')} text={problemText(t, error)}>
          <Button icon="refresh" onClick={() => void refetch()}>
            {t('app.again')}
          </Button>
          <Button kind="ghost" onClick={props.onBack}>
            {t('thread.back')}
          </Button>
        </ErrorState>
      </Centre>
    );
  }
  if (!c) {
    return (
      <Centre>
        <Later>
          <Spinner label={t('app.loading')} />
        </Later>
      </Centre>
    );
  }
  return <Open key={c.id} {...props} c={c} />;
});

function Centre({ children }: { children: ReactNode }) {
  return <div className="grid h-full place-items-center bg-surface">{children}</div>;
}

export function NoThread() {
  const { t } = useText();
  return (
    <Centre>
      <EmptyState icon="chat" title={t('thread.none')} text={t('thread.none_text')} />
    </Centre>
  );
}

function useMarkRead(c: Conversation): void {
  const client = useQueryClient();
  const { live } = useDesk();
  const { data } = useQuery({ queryKey: key.messages(c.id), enabled: false });
  useEffect(() => {
    const read = () => {
      if (c.unread === 0 || !data || document.visibilityState !== 'visible') return;
      const pages = (data as { pages: { items: Message[] }[] }).pages;
      const last = pages.flatMap((p) => p.items).find((m) => m.direction === 'in');
      if (!last) return;
      live.put({ ...c, unread: 0 });
      conversations
        .read(c.id, last.id)
        .catch(() => void client.invalidateQueries({ queryKey: key.conversation(c.id) }));
    };
    read();
    document.addEventListener('visibilitychange', read);
    return () => document.removeEventListener('visibilitychange', read);
  }, [c, client, data, live]);
}

function Open(props: ThreadProps & { c: Conversation }) {
  const { c, actions, onBack, onPanel, onAsk, onClose, onUnread, onDelete } = props;
  const { t } = useText();
  const { live } = useDesk();
  const may = useCan('conversation.reply');
  const drafts = useQuery(q.drafts(c.id));
  const draft = drafts.data?.[0];
  const [kind, setKind] = useState<Kind>('text');
  const [editing, setEditing] = useState<Draft | null>(null);
  const [aside, setAside] = useState(false);
  const [picking, setPicking] = useState(false);
  const [answering, setAnswering] = useState<Message | null>(null);
  const composer = useRef<ComposerHandle>(null);
  const busy = usePending(c.id).some((p) => p.draft_id === draft?.id && p.state === 'sending');
  useMarkRead(c);
  // A newer draft never replaces words somebody is changing.
  const edited = editing && (draft?.id === editing.id || drafts.data?.length === 0) ? editing : null;
  useNow(); // the window may end while one looks
  const window = windowOf(c, serverNow());
  // What the AI wrote goes out while the window is open, or not at all.
  const late = window === 'person' || window === 'closed';
  const showDraft = may && draft && !edited && !aside && !late;

  const write = (next: Kind) => {
    // At once, so that the next key is already text.
    flushSync(() => {
      if (next === 'text' && draft && !aside) setEditing(draft);
      if (next === 'note') setAside(true);
      setKind(next);
    });
    composer.current?.focus();
  };
  const approve = (close: boolean) => {
    if (!draft || busy) return;
    live.outbox.add({ conversation_id: c.id, body: '', draft_id: draft.id, close });
  };
  const done = () => {
    setEditing(null);
    setAside(false);
    setKind('text');
    setAnswering(null);
  };
  const discard = () => void (draft && actions.discard(c.id, draft));
  const pick = () => {
    // Where nothing can be written there is no place to put it.
    if (window !== 'closed' || kind === 'note') setPicking(true);
  };
  const answer = useSteady((m: Message) => {
    flushSync(() => {
      setAside(true);
      setKind('text');
      setAnswering(m);
    });
    composer.current?.focus();
  });
  const picked = (text: string, saved: SavedReply) => {
    setPicking(false);
    // After the list has given the focus back.
    requestAnimationFrame(() => {
      if (showDraft) flushSync(() => setAside(true));
      composer.current?.insert(text, saved.close);
    });
    const { label } = saved;
    if (label && !c.labels.includes(label)) void actions.labels(c.id, [...c.labels, label]);
  };
  useThreadCommands({ c, actions, draft, may, write, pick, discard, onAsk, onClose });
  useKeys({ 'mod+enter': () => approve(false), 'mod+shift+enter': () => approve(true) }, Boolean(showDraft));

  return (
    <section aria-label={t('thread.label')} className="flex h-full min-h-0 min-w-0 flex-col bg-surface">
      <Header
        c={c}
        may={may}
        actions={actions}
        onBack={onBack}
        onPanel={onPanel}
        onAsk={onAsk}
        onClose={onClose}
        onUnread={onUnread}
        onDelete={onDelete}
      />
      <AiBar c={c} actions={actions} />
      <Log c={c} onAnswer={may && c.skills.reply_to ? answer : undefined} />
      {showDraft ? (
        <DraftCard
          draft={draft}
          busy={busy}
          onApprove={() => approve(false)}
          onEdit={() => write('text')}
          onNote={() => write('note')}
          onRegenerate={() => void actions.regenerate(c.id)}
          onDiscard={discard}
        />
      ) : may ? (
        <Composer
          ref={composer}
          c={c}
          kind={kind}
          onKind={(k) => {
            setKind(k);
            if (k === 'text') setAside(false);
          }}
          draft={kind === 'text' && edited ? { id: edited.id, body: edited.body } : undefined}
          onLeaveDraft={() => setEditing(null)}
          onSaved={pick}
          answering={answering}
          onAnswerNone={() => setAnswering(null)}
          onSent={done}
        />
      ) : null}
      {picking ? (
        <Suspense>
          <SavedPicker c={c} onPick={picked} onClose={() => setPicking(false)} />
        </Suspense>
      ) : null}
    </section>
  );
}

function useThreadCommands(o: {
  c: Conversation;
  actions: Actions;
  draft: Draft | undefined;
  may: boolean;
  write: (kind: Kind) => void;
  pick: () => void;
  discard: () => void;
  onAsk: (what: Ask) => void;
  onClose: () => void;
}): void {
  const { t } = useText();
  const { c, actions, draft } = o;
  const held = c.owner.kind === 'member';
  const closed = c.state === 'closed';
  const list: Command[] = [
    {
      id: 'reply',
      group: 'conversation',
      label: draft ? t('draft.edit') : t('keys.reply'),
      icon: 'pen',
      keys: ['r'],
      run: () => o.write('text'),
    },
    {
      id: 'note',
      group: 'conversation',
      label: t('keys.note'),
      icon: 'note',
      keys: ['n'],
      run: () => o.write('note'),
    },
    {
      id: 'saved',
      group: 'conversation',
      label: t('keys.saved'),
      icon: 'bolt',
      keys: ['m'],
      run: o.pick,
    },
    {
      id: 'take-over',
      group: 'conversation',
      label: held ? t('ai.hand_back') : t('ai.take_over'),
      icon: held ? 'spark' : 'hand',
      keys: ['t'],
      run: () => void (held ? actions.handBack(c.id) : actions.takeOver(c.id)),
    },
    {
      id: 'close',
      group: 'conversation',
      label: closed ? t('thread.reopen') : t('thread.close'),
      icon: closed ? 'refresh' : 'check',
      keys: ['e'],
      run: () => (closed ? void actions.reopen([c.id]) : o.onClose()),
    },
    {
      id: 'snooze',
      group: 'conversation',
      label: t('thread.snooze'),
      icon: 'clock',
      keys: ['h'],
      run: () => o.onAsk('snooze'),
    },
    {
      id: 'assign',
      group: 'conversation',
      label: t('assign.title'),
      icon: 'user',
      keys: ['a'],
      run: () => o.onAsk('assign'),
    },
    {
      id: 'label',
      group: 'conversation',
      label: t('label.title'),
      icon: 'tag',
      keys: ['l'],
      run: () => o.onAsk('label'),
    },
    {
      id: 'pause',
      group: 'conversation',
      label: c.paused ? t('ai.resume') : t('ai.pause'),
      icon: c.paused ? 'play' : 'pause',
      run: () => void actions.pause(c.id, !c.paused),
    },
    {
      id: 'draft',
      group: 'conversation',
      label: t('draft.regenerate'),
      icon: 'refresh',
      keys: ['d'],
      run: () => void actions.regenerate(c.id),
    },
  ];
  if (draft) {
    list.push({
      id: 'discard',
      group: 'conversation',
      label: t('draft.discard'),
      icon: 'x',
      keys: ['shift+d'],
      run: o.discard,
    });
  }
  useCommands(o.may ? list : []);
}
