import { holds } from '@core/kept.ts';
import type { LegalHold } from '@core/persons.ts';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Card, Chip, EmptyState, Icon, useToast } from '@ui';
import { useState } from 'react';
import { Confirm } from '../shell/confirm.tsx';
import { More } from '../shell/more.tsx';
import { Answered } from '../shell/page.tsx';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { holdsKey, keptKey } from './state.ts';

/** Who is kept from every erasure, why and for whom, newest first. */
export function Holds() {
  const { t } = useText();
  const may = useCan('case.write');
  const [open, setOpen] = useState<LegalHold | null>(null);
  const query = useInfiniteQuery({
    queryKey: holdsKey,
    queryFn: ({ pageParam, signal }) => holds.list(pageParam, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next || undefined,
    staleTime: 0,
    gcTime: 0, // what is known of somebody is not kept in this page
  });
  const all = query.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <Card title={t('hold.title')} text={t('hold.text')} action={may ? <Find /> : null}>
      <Answered query={query}>
        {all.length === 0 ? (
          <EmptyState icon="lock" title={t('hold.none')} text={t('hold.none_text')} />
        ) : (
          <ul aria-label={t('hold.title')}>
            {all.map((h) => (
              <One key={h.id} h={h} onOpen={may && !h.released_at ? () => setOpen(h) : undefined} />
            ))}
          </ul>
        )}
        <More query={query} />
      </Answered>
      {open ? <Release h={open} onClose={() => setOpen(null)} /> : null}
    </Card>
  );
}

/** A hold is placed on the page of a person, where one sees who they are. */
function Find() {
  const { t } = useText();
  return (
    <Link
      to="/data-rights/{-$tab}/{-$id}"
      params={{ tab: 'person', id: undefined }}
      className="inline-flex h-7 items-center gap-[7px] rounded-medium border border-line bg-surface px-2.5 weight-550 shadow-1 hover:bg-hover phone:h-9"
    >
      <Icon name="plus" />
      {t('hold.add')}
    </Link>
  );
}

const nameOf = (t: ReturnType<typeof useText>['t'], h: LegalHold) => h.person || t('contact.visitor');

function One({ h, onOpen }: { h: LegalHold; onOpen: (() => void) | undefined }) {
  const { t, format } = useText();
  const name = nameOf(t, h);
  const since = format.date(h.begun_at);
  const rows = [
    [t('hold.why'), h.reason],
    [t('hold.for'), h.authority],
    [t('hold.since'), h.by ? t('hold.since_by', { when: since, name: h.by }) : since],
  ];
  return (
    <li className="flex flex-col gap-2 border-t border-line px-[18px] py-3.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <Link
          to="/data-rights/{-$tab}/{-$id}"
          params={{ tab: 'person', id: h.contact_id }}
          className="min-w-28 flex-1 align-page font-medium break-words hover:underline"
          dir="auto"
        >
          {name}
        </Link>
        {h.released_at ? (
          <Chip>{t('hold.released', { when: format.date(h.released_at) })}</Chip>
        ) : (
          <Chip tone="warn" icon="lock">
            {t('hold.holds')}
          </Chip>
        )}
        {onOpen ? (
          <Button size="s" onClick={onOpen} aria-label={t('hold.release_named', { name })}>
            {t('hold.release')}
          </Button>
        ) : null}
      </div>
      <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1 phone:grid-cols-1">
        {rows.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-ink-3">{label}</dt>
            <dd className="num min-w-0 align-page break-words phone:mb-1" dir="auto">
              {value}
            </dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

function Release({ h, onClose }: { h: LegalHold; onClose: () => void }) {
  const { t } = useText();
  const client = useQueryClient();
  const say = useToast();
  return (
    <Confirm
      title={t('hold.release_sure', { name: nameOf(t, h) })}
      text={t('hold.release_text')}
      action={t('hold.release')}
      onClose={onClose}
      onRun={async () => {
        await holds.release(h.id);
        await Promise.all([
          client.invalidateQueries({ queryKey: holdsKey }),
          client.invalidateQueries({ queryKey: keptKey }), // the next sweep ends more now
        ]);
        say(t('hold.done'));
      }}
    >
      <p className="align-page break-words" dir="auto">
        {h.reason}
      </p>
      <p className="align-page break-words text-ink-2" dir="auto">
        {h.authority}
      </p>
    </Confirm>
  );
}
