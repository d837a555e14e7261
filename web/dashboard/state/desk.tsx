import type { Pending } from '@core/outbox.ts';
import { asProblem, type Problem } from '@core/problem.ts';
import type { Link } from '@core/stream.ts';
import type { Me } from '@core/types.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useToast } from '@ui';
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useSyncExternalStore,
} from 'react';
import { useBox } from './box.ts';
import { type T, useText } from './i18n.ts';
import { Live, type Typist } from './live.ts';

type Desk = { me: Me; live: Live };
export const DeskContext = createContext<Desk | null>(null);

/** The signed-in part of the dashboard: who one is, and the live connection. */
export function DeskRoot({
  me,
  onSignedOut,
  children,
}: {
  me: Me;
  onSignedOut: () => void;
  children: ReactNode;
}) {
  const client = useQueryClient();
  const live = useMemo(() => new Live(client, me), [client, me]);
  useEffect(() => live.start(onSignedOut), [live, onSignedOut]);
  useEffect(() => {
    const warn = (e: BeforeUnloadEvent) => {
      if (live.outbox.snapshot().some((p) => p.state !== 'failed')) e.preventDefault();
    };
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [live]);
  const value = useMemo(() => ({ me, live }), [me, live]);
  return <DeskContext value={value}>{children}</DeskContext>;
}

export function useDesk(): Desk {
  const value = useContext(DeskContext);
  if (!value) throw new Error('useDesk stands outside DeskRoot');
  return value;
}

export function useCan(permission: string): boolean {
  return useDesk().me.permissions.includes(permission);
}

export function useLink(): Link {
  return useBox(useDesk().live.link);
}

export function useTypist(conversation: string): Typist | undefined {
  return useBox(useDesk().live.typing)[conversation];
}

export function usePending(conversation: string): Pending[] {
  const { outbox } = useDesk().live;
  const all = useSyncExternalStore(outbox.subscribe, outbox.snapshot);
  return useMemo(() => all.filter((p) => p.conversation_id === conversation), [all, conversation]);
}

const known = [
  'sign_in_failed',
  'https_needed',
  'permission',
  'setup_link',
  'password_short',
  'password_long',
  'password_common',
  'email_invalid',
  'name_missing',
  'role_wider',
  'too_long',
  'too_large',
  'wrong_type',
  'empty',
  'no_text',
  'bad_time',
  'too_many_labels',
  'draft_not_found',
  'conversation_not_found',
  'channel_off',
  'reconnect_needed',
  'window_closed',
  'no_address',
  'no_automation',
  'internal',
] as const;

/** What went wrong, in the reader's words where we have them and the server's where not. */
export function problemText(t: T, err: unknown): string {
  const p: Problem = asProblem(err);
  if (p.status === 0) return t('error.unreachable');
  const code = known.find((k) => k === p.code);
  if (code) return t(`error.${code}`);
  const first = Object.values(p.fields)[0];
  const english = document.documentElement.lang === 'en';
  return (english && (first || p.detail)) || p.title || p.detail || t('error.unknown');
}

/** Runs something and says so when it fails. Gives what it gave, or undefined. */
export function useTry() {
  const say = useToast();
  const { t } = useText();
  return useCallback(
    async <R,>(run: () => Promise<R>): Promise<R | undefined> => {
      try {
        return await run();
      } catch (err) {
        say(problemText(t, err), { bad: true });
        return undefined;
      }
    },
    [say, t],
  );
}
