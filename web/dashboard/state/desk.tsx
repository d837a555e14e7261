import type { Pending } from '@core/outbox.ts';
import type { Link } from '@core/stream.ts';
import type { Me } from '@core/types.ts';
import type { Upload } from '@core/uploads.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useToast } from '@ui';
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import { useBox } from './box.ts';
import { useText } from './i18n.ts';
import { Live, type Typist } from './live.ts';
import { problemText } from './problem.ts';

export { problemText } from './problem.ts';

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
  // One for as long as one is this member here: what waits to be sent waits in it.
  const [live] = useState(() => new Live(client, me));
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

/** Files chosen for the next message of a conversation. */
export function useUploads(conversation: string): Upload[] {
  const { uploads } = useDesk().live;
  const all = useSyncExternalStore(uploads.subscribe, uploads.snapshot);
  return useMemo(() => all.filter((u) => u.conversation_id === conversation), [all, conversation]);
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
