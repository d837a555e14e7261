import { suggestions } from '@core/knowledge.ts';
import { key } from '@core/merge.ts';
import type { Phrasing, Suggested, Suggestions } from '@core/types.ts';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Banner, Button, Card, EmptyState, IconButton, Progress, useToast } from '@ui';
import { useRef, useState } from 'react';
import { failures } from '../ai/vendor.ts';
import { More } from '../shell/more.tsx';
import { Answered } from '../shell/page.tsx';
import { useCan, useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { k } from './state.ts';

/** Questions that a model suggests as other ways to ask, source by source, for a person to decide about. */
export default function SuggestedQuestions() {
  const { t } = useText();
  const query = useQuery(k.suggesting());
  const s = query.data;
  return (
    <>
      <p className="mb-4 max-w-160 text-ink-3">{t('suggest.text')}</p>
      <Answered query={query}>
        {s ? (
          <div className="flex flex-col gap-4">
            <HowFar s={s} />
            {s.sources.length === 0 ? (
              <Card>
                <EmptyState
                  icon={s.on ? 'check' : 'spark'}
                  title={s.on ? t('suggest.empty') : t('suggest.off')}
                  text={s.on ? t('suggest.empty_text') : t('suggest.off_text')}
                >
                  {s.on ? null : <SwitchLink />}
                </EmptyState>
              </Card>
            ) : (
              s.sources.map((one) => (
                <Waiting key={one.id} source={one.id} name={one.name} count={one.count} linked />
              ))
            )}
          </div>
        ) : null}
      </Answered>
    </>
  );
}

/** The same for one source, above its passages; nothing where nothing waits. */
export function SuggestedOf({ source }: { source: string }) {
  const { t } = useText();
  const count = useQuery(k.suggesting()).data?.sources.find((s) => s.id === source)?.count ?? 0;
  if (count === 0) return null;
  return (
    <div className="mb-5">
      <Waiting source={source} name={t('suggest.title')} count={count} />
    </div>
  );
}

function SwitchLink() {
  const { t } = useText();
  return (
    <Link
      to="/ai/{-$tab}"
      params={{ tab: 'model' }}
      className="font-medium text-brand-ink underline underline-offset-2"
    >
      {t('suggest.switch')}
    </Link>
  );
}

/** How many passages a model was asked about, and what stops it. */
function HowFar({ s }: { s: Suggestions }) {
  const { t, format } = useText();
  if (!s.on) {
    return s.sources.length > 0 ? (
      <Banner icon="spark" box>
        <span className="flex flex-wrap gap-x-2">
          {t('suggest.off')} <SwitchLink />
        </span>
      </Banner>
    ) : null;
  }
  const known = failures.find((f) => f === s.fault);
  return (
    <>
      {s.fault && s.next_at ? (
        <Banner tone="warn" icon="alert" box role="status">
          {s.fault === 'budget'
            ? t('suggest.budget')
            : known
              ? t(`agent.fail.${known}`)
              : t('suggest.failed')}{' '}
          {t('suggest.again', { when: format.full(s.next_at) })}
        </Banner>
      ) : null}
      {s.of > 0 ? (
        <div className="flex flex-wrap items-center gap-3 text-ink-3">
          <span>{t('suggest.asked', { n: format.number(s.asked), all: format.number(s.of) })}</span>
          {s.asked < s.of ? (
            <span className="block w-40">
              <Progress label={t('suggest.progress')} part={s.asked / s.of} />
            </span>
          ) : null}
        </div>
      ) : null}
    </>
  );
}

function Waiting({
  source,
  name,
  count,
  linked,
}: {
  source: string;
  name: string;
  count: number;
  linked?: boolean;
}) {
  const { t, format } = useText();
  const may = useCan('knowledge.write');
  const query = useInfiniteQuery(k.suggested(source));
  const passages = query.data?.pages.flatMap((p) => p.items) ?? [];
  const list = useRef<HTMLOListElement>(null);
  const { busy, decide } = useDecide(source, list);
  const all = (approve: boolean) =>
    void decide(
      () => (approve ? suggestions.approveAll(source) : suggestions.declineAll(source)),
      approve ? t('suggest.approved_all') : t('suggest.declined_all'),
    );
  return (
    <Card
      title={
        linked ? (
          <Link to="/knowledge/{-$id}" params={{ id: source }} className="underline underline-offset-2">
            <bdi>{name}</bdi>
          </Link>
        ) : (
          name
        )
      }
      text={t('suggest.waiting', { count, n: format.number(count) })}
    >
      {may ? (
        <div className="-mt-1 flex flex-wrap gap-2 px-[18px] pb-3">
          <Button
            size="s"
            icon="check"
            disabled={busy}
            aria-label={t('suggest.approve_all_named', { name })}
            onClick={() => all(true)}
          >
            {t('suggest.approve_all')}
          </Button>
          <Button
            size="s"
            kind="ghost"
            icon="x"
            disabled={busy}
            aria-label={t('suggest.decline_all_named', { name })}
            onClick={() => all(false)}
          >
            {t('suggest.decline_all')}
          </Button>
        </div>
      ) : null}
      <Answered query={query}>
        <ol ref={list}>
          {passages.map((p) => (
            <PassageQuestions key={p.passage_id} p={p} may={may} busy={busy} decide={decide} />
          ))}
        </ol>
        <More query={query} />
      </Answered>
    </Card>
  );
}

type Decide = (run: () => Promise<unknown>, done: string) => Promise<void>;

/** One decision; afterwards the next question has the focus, so that a row of them is a row of keys. */
function useDecide(source: string, list: React.RefObject<HTMLOListElement | null>) {
  const client = useQueryClient();
  const attempt = useTry();
  const say = useToast();
  const [busy, setBusy] = useState(false);
  const decide: Decide = async (run, done) => {
    const buttons = () => [...(list.current?.querySelectorAll<HTMLElement>('[data-approve]') ?? [])];
    const row = document.activeElement?.closest('[data-question]');
    const at = row ? buttons().findIndex((b) => row.contains(b)) : -1;
    setBusy(true);
    const ok = await attempt(async () => {
      await run();
      await client.invalidateQueries({ queryKey: key.suggestions });
      void client.invalidateQueries({ queryKey: ['phrasings'] });
      void client.invalidateQueries({ queryKey: key.passages(source) });
      return true;
    });
    setBusy(false);
    if (!ok) return;
    say(done);
    if (at < 0) return;
    requestAnimationFrame(() => {
      const left = buttons();
      left[Math.min(at, left.length - 1)]?.focus();
    });
  };
  return { busy, decide };
}

function PassageQuestions({
  p,
  may,
  busy,
  decide,
}: {
  p: Suggested;
  may: boolean;
  busy: boolean;
  decide: Decide;
}) {
  const { t } = useText();
  return (
    <li className="border-t border-line px-[18px] py-3">
      {p.title ? (
        <p dir="auto" className="text-start font-semibold break-words">
          {p.title}
        </p>
      ) : null}
      <p dir="auto" className="line-clamp-2 text-start break-words text-ink-3">
        {p.text}
      </p>
      <ul className="mt-1.5" aria-label={t('suggest.list', { name: p.title || p.text.slice(0, 60) })}>
        {p.questions.map((q) => (
          <Question key={q.id} q={q} language={p.language} may={may} busy={busy} decide={decide} />
        ))}
      </ul>
    </li>
  );
}

function Question({
  q,
  language,
  may,
  busy,
  decide,
}: {
  q: Phrasing;
  language: string;
  may: boolean;
  busy: boolean;
  decide: Decide;
}) {
  const { t, format } = useText();
  return (
    <li data-question className="flex min-h-10 items-center gap-2 phone:min-h-12">
      <span dir="auto" className="min-w-0 flex-1 text-start break-words">
        {q.text}
        {q.language !== language ? (
          <span className="ms-2 text-meta text-ink-3">{format.language(q.language)}</span>
        ) : null}
      </span>
      {may ? (
        <span className="flex flex-none">
          <IconButton
            data-approve
            icon="check"
            size="s"
            disabled={busy}
            label={t('knowledge.phrasing_approve', { text: q.text })}
            tip={t('suggest.approve')}
            onClick={() => void decide(() => suggestions.approve(q.id), t('suggest.approved'))}
          />
          <IconButton
            icon="x"
            size="s"
            disabled={busy}
            label={t('suggest.decline_named', { text: q.text })}
            tip={t('suggest.decline')}
            onClick={() => void decide(() => suggestions.decline(q.id), t('suggest.declined'))}
          />
        </span>
      ) : null}
    </li>
  );
}
