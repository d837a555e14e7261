import { incidents } from '@core/incidents.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Chip } from '@ui';
import { useState } from 'react';
import { Confirm } from '../shell/confirm.tsx';
import { More } from '../shell/more.tsx';
import { Answered } from '../shell/page.tsx';
import { useDesk, useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import type { Of } from './incident.tsx';
import { incidentsKey, useActs } from './state.ts';

/** Who is told, by which way, and what came of it. */
export function Telling({ of, w, may }: Of) {
  const { t, format } = useText();
  const take = useActs(of, w.incident.id);
  const { me } = useDesk();
  const [sure, setSure] = useState(false);
  const [list, setList] = useState(false);
  const i = w.incident;
  const ready = w.missing.length === 0 && i.state !== 'open';
  const told = Boolean(i.told_at);
  return (
    <>
      {told ? (
        <p className="num text-ink-3">{t('breach.told_since', { when: format.full(i.told_at ?? '') })}</p>
      ) : null}
      {w.people.length ? (
        <ul className="flex flex-wrap gap-1.5">
          {w.people.map((p) => (
            <li key={`${p.state} ${p.way}`}>
              <Chip tone={p.state === 'told' ? 'ok' : p.state === 'unsure' ? 'bad' : 'plain'}>
                <span className="num">{format.number(p.n)}</span> {t(`breach.told.${wayOf(p)}`)}
              </Chip>
            </li>
          ))}
        </ul>
      ) : null}
      {w.businesses.length ? (
        <ul>
          {w.businesses.map((b) => (
            <li key={b.id} className="flex flex-wrap items-center gap-2">
              <span className="flex-1">{b.name}</span>
              <Chip tone={b.told_at ? 'ok' : 'warn'}>
                {b.told_at ? t('breach.told_at', { when: format.full(b.told_at) }) : t('breach.not_told')}
              </Chip>
            </li>
          ))}
        </ul>
      ) : null}
      {w.notice_at && of === 'workspace' ? (
        <p className="text-ink-3">
          {t('breach.public')}{' '}
          <a
            href={`/privacy/incidents/${me.workspace.id}`}
            target="_blank"
            rel="noopener noreferrer"
            className="font-medium text-brand-ink underline underline-offset-2"
          >
            {t('breach.public_open')}
          </a>
        </p>
      ) : null}
      <div className="flex flex-wrap gap-2">
        {may ? (
          <Button kind={told ? undefined : 'primary'} disabled={!ready} onClick={() => setSure(true)}>
            {t(of === 'install' ? 'breach.tell_businesses' : told ? 'breach.tell_again' : 'breach.tell')}
          </Button>
        ) : null}
        {w.people.length ? (
          <Button aria-expanded={list} onClick={() => setList(!list)}>
            {t('breach.who')}
          </Button>
        ) : null}
      </div>
      {may && !ready ? <p className="text-ink-3">{t('breach.tell_when')}</p> : null}
      {list ? <People of={of} w={w} may={may} /> : null}
      {sure ? (
        <Confirm
          title={t(of === 'install' ? 'breach.tell_businesses' : 'breach.tell')}
          text={t(
            i.drill
              ? 'breach.tell_drill'
              : of === 'install'
                ? 'breach.tell_businesses_sure'
                : 'breach.tell_sure',
            {
              count: i.persons - i.erased,
            },
          )}
          action={t(of === 'install' ? 'breach.tell_businesses' : 'breach.tell')}
          onClose={() => setSure(false)}
          onRun={() => take(incidents(of).tell(i.id))}
        />
      ) : null}
    </>
  );
}

/** The words for how somebody stands: by which way they were told, or wait to be. */
function wayOf(p: { state: string; way: string }): 'mail' {
  const way = p.state === 'told' ? `by_${p.way}` : p.state;
  return way as 'mail';
}

function People({ of, w, may }: Of) {
  const { t, format } = useText();
  const attempt = useTry();
  const take = useActs(of, w.incident.id);
  const query = useInfiniteQuery({
    queryKey: [...incidentsKey(of), 'people', w.incident.id, JSON.stringify(w.people)],
    queryFn: ({ pageParam, signal }) => incidents(of).people(w.incident.id, pageParam, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next || undefined,
    staleTime: 0,
  });
  const settle = (person: string, left: boolean) =>
    void attempt(() => take(incidents(of).settle(w.incident.id, person, left)));
  const rows = query.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <Answered query={query}>
      <ul aria-label={t('breach.who')} className="rounded-medium border border-line">
        {rows.map((p, n) => (
          <li
            key={p.id}
            className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2 last:border-0"
          >
            <span dir="auto" className="min-w-40 flex-1">
              {p.name || t('breach.somebody', { no: n + 1 })}
            </span>
            <span className="num text-ink-3">
              {[t(`breach.told.${wayOf(p)}`), p.told_at ? format.full(p.told_at) : '']
                .filter(Boolean)
                .join(' · ')}
            </span>
            {may && p.state === 'unsure' ? (
              <>
                <Button size="s" onClick={() => settle(p.id, true)}>
                  {t('breach.mail_left')}
                </Button>
                <Button size="s" onClick={() => settle(p.id, false)}>
                  {t('breach.mail_not')}
                </Button>
              </>
            ) : null}
          </li>
        ))}
      </ul>
      <More query={query} />
    </Answered>
  );
}
