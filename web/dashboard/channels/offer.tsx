import { channels } from '@core/api.ts';
import { key } from '@core/merge.ts';
import type { ChannelKind, ConnectedAccount, Offer, OfferedAccount } from '@core/types.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Chip, EmptyState, Icon } from '@ui';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { Tick } from './ask.tsx';
import { KindMark, scopeWords, useKindName } from './kind.tsx';

type Named = Pick<OfferedAccount, 'kind' | 'outside_id'>;
const nameOf = (a: Named) => `${a.kind} ${a.outside_id}`;

/** The accounts a sign-in or a token may connect: ticks them, connects them, says what became of each. */
export function OfferForm({
  offer,
  kinds,
  onDone,
  onOpen,
  onAgain,
}: {
  offer: Offer;
  kinds: ChannelKind[];
  onDone: () => void;
  /** Somebody goes to the page of what was connected. */
  onOpen?: () => void;
  onAgain: () => void;
}) {
  const { t } = useText();
  const client = useQueryClient();
  const accounts = offer.accounts ?? [];
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [result, setResult] = useState<ConnectedAccount[] | null>(null);
  const { busy, send, rest } = useSending();
  const words = scopeWords(kinds);

  const submit = async (e: FormEvent) => {
    e.preventDefault();
    const chosen = accounts.filter((a) => ticked.has(nameOf(a)));
    if (chosen.length === 0) return;
    const ticks = chosen.map(({ kind, outside_id }) => ({ kind, outside_id }));
    const done = await send(() => channels.confirm({ offer_id: offer.id, accounts: ticks }));
    if (!done) return;
    setResult(done.items);
    await client.invalidateQueries({ queryKey: key.channels });
  };
  const turn = (a: OfferedAccount, on: boolean) =>
    setTicked((old) => {
      const next = new Set(old);
      if (on) next.add(nameOf(a));
      else next.delete(nameOf(a));
      return next;
    });

  if (result) return <Result {...{ accounts, result, onDone, onOpen, onAgain }} />;
  if (accounts.length === 0) {
    return (
      <EmptyState icon="search" title={t('connect.no_account')} text={t('connect.no_account_text')}>
        <Button icon="refresh" onClick={onAgain}>
          {t('connect.again')}
        </Button>
      </EmptyState>
    );
  }
  return (
    <form className="flex flex-col gap-4" onSubmit={(e) => void submit(e)}>
      <Heading title={t('connect.accounts')} text={t('connect.accounts_text')} />
      <ul className="rounded-medium border border-line">
        {accounts.map((a) => (
          <li key={nameOf(a)} className="border-t border-line px-3 py-2.5 first:border-0">
            <Tick on={ticked.has(nameOf(a))} disabled={a.blocked !== ''} onChange={(on) => turn(a, on)}>
              <Account account={a} words={words} />
            </Tick>
          </li>
        ))}
      </ul>
      <Refused text={rest} />
      <div className="flex flex-wrap justify-end gap-2">
        {rest ? (
          <Button icon="refresh" onClick={onAgain}>
            {t('connect.again')}
          </Button>
        ) : null}
        <Button kind="ghost" onClick={onDone}>
          {t('app.cancel')}
        </Button>
        <Button kind="primary" type="submit" busy={busy} disabled={ticked.size === 0}>
          {t('connect.run')}
        </Button>
      </div>
    </form>
  );
}

/** A heading that takes the focus: what was pressed before is gone. */
function Heading({ title, text }: { title: string; text: string }) {
  const at = useRef<HTMLHeadingElement>(null);
  useEffect(() => at.current?.focus(), []);
  return (
    <div>
      <h2 ref={at} tabIndex={-1} className="text-msg weight-650 focus-visible:shadow-none">
        {title}
      </h2>
      <p className="text-ink-3">{text}</p>
    </div>
  );
}

function Account({ account: a, words }: { account: OfferedAccount; words: Map<string, string> }) {
  const { t } = useText();
  const named = useKindName();
  const facts = [named(a.kind), a.username && `@${a.username}`, a.phone].filter(Boolean);
  const missing = (a.missing ?? []).map((m) => words.get(m) ?? m);
  return (
    <>
      <span dir="auto" className="block font-semibold break-words">
        {a.name || a.username || a.phone || a.outside_id}
      </span>
      <span className="block text-ink-3">{facts.join(' · ')}</span>
      {a.blocked ? (
        <span className="mt-1 flex items-start gap-1.5 text-bad">
          <Icon name="alert" size={14} className="mt-[3px] flex-none" />
          {a.blocked}
        </span>
      ) : null}
      {missing.length ? (
        <span className="mt-1 flex items-start gap-1.5 text-warn">
          <Icon name="info" size={14} className="mt-[3px] flex-none" />
          {t('connect.missing', { what: missing.join(' ') })}
        </span>
      ) : null}
    </>
  );
}

function Result({
  accounts,
  result,
  onDone,
  onOpen,
  onAgain,
}: {
  accounts: OfferedAccount[];
  result: ConnectedAccount[];
  onDone: () => void;
  onOpen?: () => void;
  onAgain: () => void;
}) {
  const { t } = useText();
  const named = useKindName();
  const failed = result.some((r) => !r.channel);
  return (
    <div className="flex flex-col gap-4">
      <Heading title={t('connect.result')} text={t('connect.result_text')} />
      <ul className="rounded-medium border border-line">
        {result.map((r) => {
          const name = accounts.find((a) => nameOf(a) === nameOf(r))?.name || named(r.kind);
          const working = r.channel?.state === 'active';
          return (
            <li
              key={nameOf(r)}
              className="flex items-center gap-3 border-t border-line px-3 py-2.5 first:border-0"
            >
              <KindMark kind={r.kind} />
              <span className="min-w-0 flex-1">
                <span dir="auto" className="block font-semibold break-words">
                  {r.channel ? (
                    <Link
                      to="/channels/{-$id}"
                      params={{ id: r.channel.id }}
                      onClick={onOpen}
                      className="underline decoration-line-2 underline-offset-2 hover:decoration-current"
                    >
                      {name}
                    </Link>
                  ) : (
                    name
                  )}
                </span>
                <span className="block text-ink-3">
                  {r.channel ? (working ? named(r.kind) : t('connect.half')) : r.text}
                </span>
              </span>
              <Chip tone={working ? 'ok' : r.channel ? 'warn' : 'bad'} icon={working ? 'check' : 'alert'}>
                {r.channel ? t('connect.done') : t('connect.not_done')}
              </Chip>
            </li>
          );
        })}
      </ul>
      <div className="flex flex-wrap justify-end gap-2">
        {failed ? (
          <Button icon="refresh" onClick={onAgain}>
            {t('connect.again')}
          </Button>
        ) : null}
        <Button kind="primary" onClick={onDone}>
          {t('app.done')}
        </Button>
      </div>
    </div>
  );
}
