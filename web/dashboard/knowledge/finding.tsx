import { passages as calls, findings } from '@core/knowledge.ts';
import { key } from '@core/merge.ts';
import type { Finding } from '@core/types.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Chip, cn, Icon, useToast } from '@ui';
import { type ReactNode, useState } from 'react';
import { useWho } from '../ai/who.ts';
import { useNow } from '../state/box.ts';
import { useCan, useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { pieces } from './difference.ts';
import { ReviewList } from './review.tsx';
import { useTend } from './tend.ts';

type Told = Finding['passages'][number];

/** Something was done about it, and it is not looked over yet. */
const isChanged = (f: Finding) =>
  f.kind === 'quarantined'
    ? f.passages.every((p) => p.hidden || !p.quarantined)
    : f.kind !== 'unused' && f.passages.some((p) => p.hidden || (p.said !== '' && !p.text.includes(p.said)));

/** One thing that was found, with what can be done about it. */
export function FindingRow({ f, onOpen }: { f: Finding; onOpen: (passage: string) => void }) {
  const { t } = useText();
  return (
    <li className="border-t border-line px-[18px] py-3.5">
      <Content f={f} onOpen={onOpen} />
      <div className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-2">
        {isChanged(f) && !f.dismissed ? (
          <span role="status" className="inline-flex items-center gap-1.5 text-meta text-ink-3">
            <Icon name="check" size={14} className="text-ok" />
            {t('finding.changed')}
          </span>
        ) : (
          <Decide f={f} />
        )}
      </div>
    </li>
  );
}

type Parts = { f: Finding; onOpen: (passage: string) => void };

function Content({ f, onOpen }: Parts) {
  const { t, format } = useText();
  const day = f.date ? <time dateTime={f.date}>{format.date(f.date)}</time> : null;
  const side = (p: Told, other: string) => (
    <Side key={p.passage_id} f={f} p={p} other={other} onOpen={onOpen} />
  );
  switch (f.kind) {
    case 'contradiction': {
      const [a, b] = f.passages;
      return (
        <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
          {a ? side(a, b?.said ?? '') : null}
          {b ? side(b, a?.said ?? '') : null}
        </div>
      );
    }
    case 'expired':
      return (
        <>
          <p className="mb-2 flex items-center gap-1.5 font-medium">
            <Icon name="clock" className="text-warn" />
            <span>
              {t('finding.ended')} {day}
            </span>
          </p>
          {f.passages.map((p) => side(p, ''))}
        </>
      );
    case 'quarantined':
      return (
        <>
          <SourceLine f={f} />
          <div className="-mx-[18px] mt-2">
            <ReviewList
              passages={f.passages
                .filter((p) => p.quarantined && !p.hidden)
                .slice(0, shown)
                .map((p) => ({ ...p, id: p.passage_id }))}
              onOpen={onOpen}
            />
          </div>
          <Rest f={f} />
        </>
      );
    default:
      return (
        <>
          <SourceLine f={f}>
            {f.kind === 'stale' ? (
              <>
                {t('finding.unchanged')} {day}
              </>
            ) : (
              t('finding.unused', { count: f.passages.length })
            )}
          </SourceLine>
          {f.passages.length ? (
            <ul className="mt-2 flex flex-wrap gap-1.5">
              {f.passages.slice(0, shown).map((p) => (
                <li
                  key={p.passage_id}
                  dir="auto"
                  className="max-w-full truncate rounded-small bg-hover px-2 py-0.5"
                >
                  {p.question || p.heading || p.text.slice(0, 80) || t('finding.gone')}
                </li>
              ))}
            </ul>
          ) : null}
          <Rest f={f} />
        </>
      );
  }
}

const shown = 5;

function Rest({ f }: { f: Finding }) {
  const { t, format } = useText();
  const n = f.passages.length - shown;
  return n > 0 ? (
    <p className="mt-1.5 text-meta text-ink-3">{t('finding.more', { n: format.number(n) })}</p>
  ) : null;
}

function SourceLink({ id, name, className }: { id: string; name: string; className?: string }) {
  const { t } = useText();
  if (!name) return <span className={className}>{t('finding.gone')}</span>;
  return (
    <Link
      to="/knowledge/{-$id}"
      params={{ id }}
      className={cn('min-w-0 truncate text-brand-ink underline underline-offset-2', className)}
    >
      <bdi>{name}</bdi>
    </Link>
  );
}

function SourceLine({ f, children }: { f: Finding; children?: ReactNode }) {
  const [source] = f.sources;
  return (
    <p className="flex flex-wrap items-baseline gap-x-2">
      <Icon name="book" size={14} className="self-center text-ink-3" />
      {source ? <SourceLink {...source} className="font-semibold" /> : null}
      <span className="text-ink-2">{children}</span>
    </p>
  );
}

/** What one passage says, with the sentence it is about and the figures that differ. */
function Side({ f, p, other, onOpen }: Parts & { p: Told; other: string }) {
  const { t } = useText();
  const may = useCan('knowledge.write');
  const tend = useTend();
  const source = f.sources.find((s) => s.id === p.source_id);
  const name = p.question || p.heading || p.said;
  const said = p.text.includes(p.said) ? p.said : '';
  return (
    <div className="flex min-w-0 flex-col rounded-medium border border-line bg-sunken px-3 py-2.5">
      <p className="flex min-w-0 items-center gap-1.5 text-meta">
        <Icon name="book" size={14} className="text-ink-3" />
        <SourceLink id={p.source_id} name={source?.name ?? ''} className="font-medium" />
        {p.hidden ? <Chip icon="lock">{t('knowledge.hidden')}</Chip> : null}
      </p>
      {p.question || p.heading ? (
        <p dir="auto" className="mt-1.5 text-start font-semibold break-words">
          {p.question || p.heading}
        </p>
      ) : null}
      <p dir="auto" className="mt-0.5 mb-2.5 text-start break-words whitespace-pre-wrap text-ink-3">
        {p.text
          ? (said ? pieces(p.text, said, other) : pieces('', p.text, '')).map((x, i) =>
              x.differs ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other name.
                <mark key={i} className="num rounded-[3px] bg-warn-soft px-1 font-semibold text-warn">
                  {x.text}
                </mark>
              ) : (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above.
                <span key={i} className={x.said ? 'text-ink' : ''}>
                  {x.text}
                </span>
              ),
            )
          : t('finding.gone')}
      </p>
      {may && p.text ? (
        <div className="mt-auto flex flex-wrap gap-2">
          <Button
            size="s"
            icon="pen"
            aria-label={t('knowledge.edit_named', { name })}
            onClick={() => onOpen(p.passage_id)}
          >
            {t('knowledge.edit')}
          </Button>
          {p.hidden ? null : (
            <Button
              size="s"
              icon="lock"
              aria-label={t('knowledge.hide_named', { name })}
              onClick={() =>
                void tend(p, () => calls.change(p.passage_id, { hidden: true }), t('knowledge.kept_hidden'))
              }
            >
              {t('knowledge.hide')}
            </Button>
          )}
        </div>
      ) : null}
    </div>
  );
}

/** Says that it is all right, or takes that back. */
function Decide({ f }: { f: Finding }) {
  const { t, format } = useText();
  const now = useNow();
  const who = useWho();
  const may = useCan('knowledge.write');
  const client = useQueryClient();
  const attempt = useTry();
  const say = useToast();
  const [busy, setBusy] = useState(false);
  const act = async (run: () => Promise<unknown>, done: () => void) => {
    setBusy(true);
    await attempt(async () => {
      await run();
      await client.invalidateQueries({ queryKey: key.findings });
      void client.invalidateQueries({ queryKey: key.health });
      done();
    });
    setBusy(false);
  };
  const recall = () =>
    act(
      () => findings.recall(f.id),
      () => say(t('finding.recalled')),
    );
  const dismiss = () =>
    act(
      () => findings.dismiss(f.id),
      () =>
        say(t('finding.dismissed'), {
          action: { label: t('finding.undo'), run: () => void recall() },
          ms: 8000,
        }),
    );
  if (f.dismissed) {
    const name = f.dismissed.by ? who(f.dismissed.by) : '';
    const when = format.agoInWords(f.dismissed.at, now);
    return (
      <>
        <span className="text-ink-3" title={format.full(f.dismissed.at)}>
          {name ? t('finding.by', { who: name, when }) : t('finding.dismissed_when', { when })}
        </span>
        {may ? (
          <Button size="s" icon="undo" busy={busy} onClick={() => void recall()}>
            {t('finding.recall')}
          </Button>
        ) : null}
      </>
    );
  }
  return may ? (
    <Button size="s" kind="ghost" icon="check" className="-ms-2.5" busy={busy} onClick={() => void dismiss()}>
      {t(`finding.fine.${f.kind}`)}
    </Button>
  ) : null;
}
