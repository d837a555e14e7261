import { type Kept, retention } from '@core/kept.ts';
import { useQuery } from '@tanstack/react-query';
import { Button, Card, Chip, Icon, patient } from '@ui';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Answered } from '../shell/page.tsx';
import { useCan } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { keptKey } from './state.ts';

const Term = lazy(patient(() => import('./term.tsx')));

/** Whether the workspace keeps something shorter than it could. */
export const isShorter = (k: Kept) => k.days > 0 && (k.most_days === 0 || k.days < k.most_days);

/** How long what is kept: the longest that is possible, and what the workspace chose. */
export function Terms() {
  const { t } = useText();
  const may = useCan('case.write');
  const [open, setOpen] = useState<Kept | null>(null);
  const query = useQuery({
    queryKey: keptKey,
    queryFn: ({ signal }) => retention.list({ signal }),
    staleTime: 0,
  });
  return (
    <Card title={t('kept.title')} text={t('kept.text')}>
      <Answered query={query}>
        <ul aria-label={t('kept.title')}>
          {query.data?.items.map((k) => (
            <One key={k.rule} k={k} onOpen={may ? () => setOpen(k) : undefined} />
          ))}
        </ul>
        {may ? null : <p className="border-t border-line px-[18px] py-3 text-ink-3">{t('kept.read_only')}</p>}
      </Answered>
      <Suspense>{open ? <Term k={open} onClose={() => setOpen(null)} /> : null}</Suspense>
    </Card>
  );
}

function One({ k, onOpen }: { k: Kept; onOpen: (() => void) | undefined }) {
  const { t } = useText();
  const name = t(`kept.name.${k.rule}`);
  const long = (days: number) => (days ? t('kept.days', { count: days }) : t('kept.always'));
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2.5 border-t border-line px-[18px] py-3.5">
      <div className="min-w-56 flex-1 phone:basis-full">
        <h3 className="font-medium">{name}</h3>
        <p className="text-ink-3">{t(`kept.what.${k.rule}`)}</p>
        {k.over > 0 ? (
          <p className="mt-1 flex items-start gap-1.5 text-ink-2">
            <Icon name="clock" size={14} className="mt-[3px] flex-none" />
            {t(`kept.ends.${k.rule}`, { count: k.over })}
          </p>
        ) : null}
      </div>
      <dl className="flex flex-none gap-4">
        <Fact name={t('kept.most')}>{long(k.most_days)}</Fact>
        <Fact name={t('kept.here')}>
          {isShorter(k) ? <Chip tone="brand">{long(k.days)}</Chip> : t('kept.same')}
        </Fact>
      </dl>
      {onOpen ? (
        <Button
          size="s"
          className="flex-none phone:ms-auto phone:self-end"
          onClick={onOpen}
          aria-label={t('kept.change_named', { name })}
        >
          {t('kept.change')}
        </Button>
      ) : null}
    </li>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="w-28 phone:w-24">
      <dt className="text-meta text-ink-3">{name}</dt>
      <dd className="num">{children}</dd>
    </div>
  );
}
