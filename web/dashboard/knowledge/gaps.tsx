import { gaps } from '@core/knowledge.ts';
import { key } from '@core/merge.ts';
import type { Gap } from '@core/types.ts';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Card, Chip, EmptyState, patient, Segmented, useToast } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { More } from '../shell/more.tsx';
import { Answered } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { useCan, useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { k } from './state.ts';

const AnswerDialog = lazy(patient(() => import('./answergap.tsx')));

const states = ['open', 'answered', 'dismissed'] as const;

/** What people ask and the knowledge does not answer: near questions together, each one step from an answer. */
export default function Gaps() {
  const { t } = useText();
  const [state, setState] = useState<Gap['state']>('open');
  const [answering, setAnswering] = useState<Gap | null>(null);
  const query = useInfiniteQuery(k.gaps(state));
  const list = query.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <>
      <p className="mb-4 max-w-160 text-ink-3">{t('gap.text')}</p>
      <div className="mb-3">
        <Segmented
          label={t('knowledge.show')}
          value={state}
          onChange={setState}
          choices={states.map((s) => ({ value: s, label: t(`gap.state.${s}`) }))}
        />
      </div>
      <Answered query={query}>
        <Card>
          {list.length === 0 ? (
            <EmptyState
              icon={state === 'open' ? 'check' : 'book'}
              title={state === 'open' ? t('gap.empty') : t('gap.none')}
              text={state === 'open' ? t('gap.empty_text') : undefined}
            />
          ) : null}
          <ul aria-label={t('gap.list')}>
            {list.map((g) => (
              <GapRow key={g.id} gap={g} onAnswer={() => setAnswering(g)} />
            ))}
          </ul>
          <More query={query} />
        </Card>
      </Answered>
      <Suspense>
        {answering ? <AnswerDialog gap={answering} onClose={() => setAnswering(null)} /> : null}
      </Suspense>
    </>
  );
}

function GapRow({ gap: g, onAnswer }: { gap: Gap; onAnswer: () => void }) {
  const { t, format } = useText();
  const now = useNow();
  const may = useCan('knowledge.write');
  const client = useQueryClient();
  const attempt = useTry();
  const say = useToast();
  const [busy, setBusy] = useState(false);
  const act = async (run: () => Promise<unknown>, done: string) => {
    setBusy(true);
    await attempt(async () => {
      await run();
      await client.invalidateQueries({ queryKey: key.gaps });
      void client.invalidateQueries({ queryKey: key.sources });
      say(done);
    });
    setBusy(false);
  };
  const [first, ...others] = g.examples;
  const near = g.nearest;
  return (
    <li className="border-t border-line px-[18px] py-3.5 first:border-0">
      <p dir="auto" className="text-start text-msg font-semibold break-words">
        {first?.text ?? t('gap.unread')}
      </p>
      {others.map((e) => (
        <p key={e.message_id} dir="auto" className="text-start break-words text-ink-2">
          {e.text}
        </p>
      ))}
      <div className="mt-1.5 flex flex-wrap items-center gap-1.5">
        <Chip icon="chat">{t('gap.asked', { count: g.count })}</Chip>
        <Chip tone="warn">{t(`gap.reason.${g.reason}`)}</Chip>
        {g.languages.map((l) => (
          <Chip key={l}>{format.language(l)}</Chip>
        ))}
        <span className="text-meta text-ink-3">
          {t('gap.last', { when: format.agoInWords(g.last_at, now) })}
        </span>
        {first ? (
          <Link
            to="/inbox/$view/{-$id}"
            params={{ view: 'all', id: first.conversation_id }}
            className="text-meta text-brand-ink underline underline-offset-2"
          >
            {t('gap.open')}
          </Link>
        ) : null}
      </div>
      {near ? (
        <div className="mt-2.5 rounded-medium border border-line bg-sunken px-3 py-2">
          <p className="text-meta text-ink-3">{t('gap.nearest')}</p>
          <p className="font-medium">
            <bdi>{near.heading || near.name}</bdi>
          </p>
          <p dir="auto" className="line-clamp-2 text-start break-words text-ink-2">
            {near.text}
          </p>
        </div>
      ) : null}
      {may && g.state === 'open' ? (
        <div className="mt-2.5 flex flex-wrap gap-2">
          <Button size="s" kind="primary" icon="pen" disabled={busy} onClick={onAnswer}>
            {t('gap.answer')}
          </Button>
          {near ? (
            <Button
              size="s"
              icon="link"
              disabled={busy}
              onClick={() => void act(() => gaps.phrase(g.id, near.passage_id), t('gap.phrased'))}
            >
              {t('gap.phrase')}
            </Button>
          ) : null}
          <Button
            size="s"
            kind="ghost"
            icon="x"
            disabled={busy}
            onClick={() => void act(() => gaps.dismiss(g.id), t('gap.dismissed'))}
          >
            {t('gap.dismiss')}
          </Button>
        </div>
      ) : null}
    </li>
  );
}
