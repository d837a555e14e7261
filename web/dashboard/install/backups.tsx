import { backups, type SavedBackup, type SavedBackups } from '@core/backups.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Banner, Card, Chip, cn, EmptyState, Icon, Segmented } from '@ui';
import type { Tone } from '@ui/chip.tsx';
import { type ReactNode, useState } from 'react';
import { More } from '../shell/more.tsx';
import { Answered } from '../shell/page.tsx';
import { useNow } from '../state/box.ts';
import { useText } from '../state/i18n.ts';

const kinds = ['data', 'keys'] as const;
const tones: Record<SavedBackup['state'], Tone> = {
  writing: 'brand',
  done: 'ok',
  failed: 'bad',
  gone: 'plain',
};

/** What was saved of this install, and what is missing for it to come back. */
export default function Backups() {
  const { t } = useText();
  const [all, setAll] = useState(false);
  const query = useInfiniteQuery({
    queryKey: ['backups'],
    queryFn: ({ pageParam, signal }) => backups.list(pageParam, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next || undefined,
    staleTime: 0,
  });
  const state = query.data?.pages[0];
  const rows = query.data?.pages.flatMap((p) => p.items) ?? [];
  const shown = all ? rows : rows.filter((b) => b.state !== 'gone');
  return (
    <Answered query={query}>
      {state ? <Missing state={state} /> : null}
      {state && rows.length ? <Newest rows={rows} behind={state.behind} /> : null}
      <Card title={t('backup.title')} text={state?.on ? t('backup.text') : undefined}>
        {rows.length ? (
          <div className="px-[18px] pb-3">
            <Segmented
              label={t('backup.show')}
              value={all ? 'all' : 'there'}
              onChange={(v) => setAll(v === 'all')}
              choices={[
                { value: 'there', label: t('backup.there') },
                { value: 'all', label: t('backup.all') },
              ]}
            />
          </div>
        ) : null}
        {shown.length ? (
          <ul aria-label={t('backup.title')}>
            {shown.map((b) => (
              <One key={b.id} b={b} />
            ))}
          </ul>
        ) : (
          <EmptyState
            icon="load"
            title={t(rows.length ? 'backup.none_there' : 'backup.none')}
            text={state?.on ? t('backup.none_yet') : t('backup.none_off')}
          />
        )}
        <More query={query} />
        <HowTo on={state?.on ?? false} />
      </Card>
    </Answered>
  );
}

/** What is missing, the worst first. */
function Missing({ state }: { state: SavedBackups }) {
  const { t } = useText();
  if (!state.on) {
    return (
      <Banner box className="mb-5" tone="bad" icon="alert">
        {t('backup.off')}
      </Banner>
    );
  }
  const which = state.behind.length > 1 ? 'both' : state.behind[0];
  return which ? (
    <Banner box className="mb-5" tone="bad" icon="alert">
      {t(`backup.behind.${which}`)}
    </Banner>
  ) : null;
}

/** How old the newest whole one of each kind is. */
function Newest({ rows, behind }: { rows: SavedBackup[]; behind: SavedBackups['behind'] }) {
  const { t, format } = useText();
  const now = useNow();
  return (
    <dl className="mb-5 grid grid-cols-2 gap-3">
      {kinds.map((kind) => {
        const newest = rows.find((b) => b.holds === kind && b.state === 'done');
        return (
          <div key={kind} className="rounded-large border border-line bg-surface px-[18px] py-3">
            <dt className="text-meta text-ink-3">{t(`backup.newest_${kind}`)}</dt>
            <dd className={cn('text-page weight-650', behind.includes(kind) && 'text-bad')}>
              {newest ? format.agoInWords(newest.begun_at, now) : t('backup.nothing')}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function One({ b }: { b: SavedBackup }) {
  const { t, format } = useText();
  const whole = b.state === 'done' || b.state === 'gone';
  const facts = whole
    ? [
        format.bytes(b.bytes),
        b.rows ? t('backup.rows', { count: b.rows }) : '',
        b.files ? t('backup.files', { count: b.files }) : '',
      ]
    : [];
  const end =
    b.state === 'gone'
      ? b.gone_at && t('backup.gone_at', { when: format.date(b.gone_at) })
      : b.state === 'done' && t('backup.ends_at', { when: format.date(b.ends_at) });
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1.5 border-t border-line px-[18px] py-3">
      <span className="grid size-8 flex-none place-items-center rounded-medium bg-sunken text-ink-2">
        <Icon name={b.holds === 'keys' ? 'key' : 'load'} />
      </span>
      <div className="min-w-48 flex-1">
        <p className="font-medium">
          {t(`backup.holds.${b.holds}`)} · <span className="num">{format.full(b.begun_at)}</span>
        </p>
        {whole ? <p className="num text-ink-2">{[...facts, end].filter(Boolean).join(' · ')}</p> : null}
        {b.state === 'failed' ? <p className="text-ink-2">{t('backup.why', { reason: b.reason })}</p> : null}
        <p dir="ltr" className="align-page font-mono text-meta break-all text-ink-3">
          {b.name}
        </p>
      </div>
      <Chip tone={tones[b.state]}>{t(`backup.state.${b.state}`)}</Chip>
    </li>
  );
}

/** The commands, in the order in which one needs them. */
function HowTo({ on }: { on: boolean }) {
  const { t } = useText();
  const steps: [ReactNode, string][] = on
    ? [
        ['parley backup', t('backup.do_now')],
        ['parley restore --check', t('backup.do_check')],
        ['PARLEY_BACKUPS', t('backup.do_apart')],
      ]
    : [
        ['parley backup key FILE', t('backup.do_key')],
        ['PARLEY_RECOVERY_KEY', t('backup.do_setting')],
        ['PARLEY_BACKUPS', t('backup.do_apart')],
        ['parley backup', t('backup.do_now')],
      ];
  return (
    <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1.5 border-t border-line px-[18px] py-3.5 phone:grid-cols-1">
      {steps.map(([command, text]) => (
        <div key={text} className="contents">
          <dt dir="ltr">
            <code className="font-mono text-meta">{command}</code>
          </dt>
          <dd className="text-ink-2 phone:mb-1.5">{text}</dd>
        </div>
      ))}
    </dl>
  );
}
