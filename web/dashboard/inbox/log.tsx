import type { Conversation, Message } from '@core/types.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, ErrorState, Icon, Later, Skeleton, Spinner, useToast } from '@ui';
import { Fragment, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useNow } from '../state/box.ts';
import { problemText, useDesk, usePending, useTypist } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';
import { useJump } from './jump.ts';
import { MessageItem, PendingItem } from './message.tsx';

const nearEnd = 80;

/** Keeps the end in sight while one is there, and the place one reads while older words arrive above. */
function useScroll(oldest: string | undefined, newest: string | undefined, size: number) {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const before = useRef({ oldest, height: 0 });
  const [away, setAway] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the content has changed
  useLayoutEffect(() => {
    const el = box.current;
    if (!el) return;
    if (atEnd.current) el.scrollTop = el.scrollHeight;
    else if (before.current.oldest !== oldest) el.scrollTop += el.scrollHeight - before.current.height;
    before.current = { oldest, height: el.scrollHeight };
  }, [oldest, newest, size]);
  const onScroll = () => {
    const el = box.current;
    if (!el) return;
    atEnd.current = el.scrollHeight - el.scrollTop - el.clientHeight < nearEnd;
    setAway(!atEnd.current);
  };
  const here = oldest !== undefined;
  // What comes late (a picture), or a composer that grows, must not push the end out of sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the box stands once there is something in it
  useEffect(() => {
    const el = box.current;
    const inside = el?.firstElementChild;
    if (!el || !inside) return;
    const watch = new ResizeObserver(() => {
      if (atEnd.current) el.scrollTop = el.scrollHeight;
    });
    watch.observe(inside);
    watch.observe(el);
    return () => watch.disconnect();
  }, [here]);
  const toEnd = () => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  };
  return { box, onScroll, away, toEnd };
}

export function Log({ c, onAnswer }: { c: Conversation; onAnswer: ((m: Message) => void) | undefined }) {
  const { t, format } = useText();
  const { me, live } = useDesk();
  const say = useToast();
  const now = useNow();
  const typist = useTypist(c.id);
  const query = useInfiniteQuery(q.messages(c.id));
  const messages = useMemo(() => query.data?.pages.flatMap((p) => p.items).reverse() ?? [], [query.data]);
  const pending = usePending(c.id);
  // The stream may show a message before its own answer has come back.
  const waiting = useMemo(
    () =>
      pending.filter(
        (p) =>
          p.state === 'failed' ||
          !messages.some(
            (m) =>
              m.author.id === me.member.id &&
              m.body === p.body &&
              Date.parse(m.at) >= Date.parse(p.at) - 2000,
          ),
      ),
    [pending, messages, me.member.id],
  );
  const newest = messages.at(-1)?.id;
  const { box, onScroll, away, toEnd } = useScroll(
    messages[0]?.id,
    newest,
    messages.length + waiting.length + (typist ? 1 : 0),
  );
  const onJump = useJump(() => query.fetchNextPage());
  const onRetry = useCallback(
    (m: Message) => void live.outbox.add({ conversation_id: m.conversation_id, body: m.body }),
    [live],
  );
  const onCopy = useCallback(
    (text: string) =>
      void navigator.clipboard.writeText(text).then(
        () => say(t('app.copied')),
        () => say(t('app.copy_failed'), { bad: true }),
      ),
    [say, t],
  );

  if (query.isPending) return <Later>{<LogSkeleton label={t('app.loading')} />}</Later>;
  if (query.error && messages.length === 0) {
    return (
      <div className="min-h-0 flex-1 overflow-auto">
        <ErrorState title={t('error.title')} text={problemText(t, query.error)}>
          <Button icon="refresh" onClick={() => void query.refetch()}>
            {t('app.again')}
          </Button>
        </ErrorState>
      </div>
    );
  }
  const firstIn = messages.find((m) => m.direction === 'in')?.id;
  let day = '';
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={box}
        onScroll={onScroll}
        tabIndex={0}
        role="log"
        aria-label={t('thread.messages')}
        className="ring-inner min-h-0 flex-1 overflow-auto px-6 pt-5 pb-3 phone:px-4"
      >
        <div className="flex flex-col gap-3.5">
          {query.hasNextPage ? (
            <div className="flex justify-center">
              <Button
                size="s"
                kind="ghost"
                busy={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                {t('thread.older')}
              </Button>
            </div>
          ) : null}
          {messages.map((m) => {
            const label = format.day(m.at, now);
            const head = label !== day;
            day = label;
            return (
              <Fragment key={m.id}>
                {head ? <h3 className="self-center text-meta font-normal text-ink-3">{label}</h3> : null}
                <MessageItem
                  m={m}
                  c={c}
                  first={m.id === firstIn}
                  onRetry={onRetry}
                  onCopy={onCopy}
                  onJump={onJump}
                  onAnswer={onAnswer}
                />
              </Fragment>
            );
          })}
          {waiting.map((p) => (
            <PendingItem
              key={p.key}
              p={p}
              me={me.member}
              onRetry={() => live.outbox.retry(p.key)}
              onCopy={() => onCopy(p.body)}
              onDrop={() => live.outbox.discard(p.key)}
            />
          ))}
          {typist && typist.until > Date.now() ? (
            <p className="flex items-center gap-2 text-meta text-ink-3">
              <Spinner /> {t('thread.typing', { name: typist.name || t('contact.visitor') })}
            </p>
          ) : null}
        </div>
      </div>
      {away ? (
        <button
          type="button"
          onClick={toEnd}
          aria-label={t('thread.latest')}
          className="absolute end-6 bottom-3 grid size-9 place-items-center rounded-full border border-line bg-raised shadow-2 hover:bg-hover"
        >
          <Icon name="down" />
        </button>
      ) : null}
    </div>
  );
}

function LogSkeleton({ label }: { label: string }) {
  return (
    <div role="status" className="flex min-h-0 flex-1 flex-col gap-5 px-6 pt-8">
      <span className="sr-only">{label}</span>
      {[60, 80, 45].map((w) => (
        <div key={w} className="flex gap-2.5">
          <Skeleton className="size-6 rounded-medium!" />
          <div className="flex flex-1 flex-col gap-2">
            <Skeleton className="h-3 w-32" />
            <div style={{ width: `${w}%` }}>
              <Skeleton className="h-4" />
            </div>
          </div>
        </div>
      ))}
    </div>
  );
}
