import { conversations, drafts } from '@core/api.ts';
import { key } from '@core/merge.ts';
import type { Conversation, Draft, Mode } from '@core/types.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useToast } from '@ui';
import { useCallback, useMemo, useRef } from 'react';
import { problemText, useDesk, useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';

const undoTime = 8_000;

export type Actions = ReturnType<typeof useActions>;

/** What a member may do to conversations. Shows the result at once and takes it back when it fails. */
export function useActions() {
  const { live, me } = useDesk();
  const { t } = useText();
  const say = useToast();
  const attempt = useTry();
  const client = useQueryClient();
  const closed = useRef<{ ids: string[]; until: number } | null>(null);

  const known = useCallback(
    (id: string): Conversation | undefined => {
      const one = client.getQueryData<Conversation>(key.conversation(id));
      if (one) return one;
      for (const [, data] of client.getQueriesData<{ pages: { items: Conversation[] }[] }>({
        queryKey: key.lists,
      })) {
        const hit = data?.pages.flatMap((p) => p.items).find((c) => c.id === id);
        if (hit) return hit;
      }
      return undefined;
    },
    [client],
  );

  const change = useCallback(
    async (ids: string[], guess: Partial<Conversation>, run: (id: string) => Promise<Conversation>) => {
      const done: string[] = [];
      await Promise.all(
        ids.map(async (id) => {
          const before = known(id);
          if (before) live.put({ ...before, ...guess });
          try {
            live.put(await run(id));
            done.push(id);
          } catch (err) {
            // The guess was wrong: what the server holds is shown again.
            if (before) live.put(before);
            say(problemText(t, err), { bad: true });
          }
        }),
      );
      return done;
    },
    [known, live, say, t],
  );

  return useMemo(() => {
    const reopen = (ids: string[]) => change(ids, { state: 'open' }, (id) => conversations.reopen(id));
    const undo = () => {
      const last = closed.current;
      closed.current = null;
      if (last && Date.now() < last.until) void reopen(last.ids);
    };
    return {
      reopen,
      undo,
      close: async (ids: string[]) => {
        const done = await change(ids, { state: 'closed', needs: [] }, (id) => conversations.close(id));
        if (done.length === 0) return;
        closed.current = { ids: done, until: Date.now() + undoTime };
        say(t('inbox.closed', { count: done.length }), {
          ms: undoTime,
          action: { label: t('app.undo'), keys: 'z', run: undo },
        });
      },
      unread: (ids: string[]) => change(ids, { unread: 1 }, (id) => conversations.unread(id)),
      snooze: async (ids: string[], until: Date, text: string) => {
        const iso = until.toISOString();
        const done = await change(ids, { state: 'snoozed', snoozed_until: iso, needs: [] }, (id) =>
          conversations.snooze(id, iso),
        );
        if (done.length) say(t('inbox.snoozed_until', { when: text }));
      },
      assign: (ids: string[], member: { id: string; name: string } | null) =>
        change(
          ids,
          {
            owner: member
              ? { kind: 'member', id: member.id, name: member.name }
              : { kind: 'nobody', id: '', name: '' },
          },
          (id) => conversations.assign(id, member?.id ?? ''),
        ),
      labels: (id: string, labels: string[]) =>
        change([id], { labels }, (one) => conversations.labels(one, labels)),
      takeOver: (id: string) =>
        change([id], { owner: { kind: 'member', id: me.member.id, name: me.member.name } }, (one) =>
          conversations.takeOver(one),
        ),
      handBack: (id: string) =>
        change([id], { owner: { kind: 'ai', id: '', name: '' }, hand_over: null }, (one) =>
          conversations.handBack(one),
        ),
      mode: (id: string, mode: Mode) => change([id], { mode }, (one) => conversations.ai(one, { mode })),
      pause: (id: string, paused: boolean) =>
        change([id], { paused }, (one) => conversations.ai(one, { paused })),
      regenerate: (id: string) =>
        attempt(async () => {
          await drafts.ask(id);
          say(t('draft.asked'));
        }),
      discard: (id: string, draft: Draft) =>
        attempt(async () => {
          const at = key.drafts(id);
          client.setQueryData(at, (old: Draft[] | undefined) => old?.filter((d) => d.id !== draft.id));
          try {
            await drafts.discard(id, draft.id);
          } catch (err) {
            void client.invalidateQueries({ queryKey: at });
            throw err;
          }
        }),
    };
  }, [attempt, change, client, me.member.id, me.member.name, say, t]);
}
