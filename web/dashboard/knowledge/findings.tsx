import { key } from '@core/merge.ts';
import type { Finding } from '@core/types.ts';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Card, EmptyState, patient, Segmented } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { More } from '../shell/more.tsx';
import { Answered } from '../shell/page.tsx';
import { useText } from '../state/i18n.ts';
import { FindingRow } from './finding.tsx';
import { k } from './state.ts';

const OpenPassage = lazy(patient(() => import('./openpassage.tsx')));

/** In the order in which they matter to a customer. */
const kinds: Finding['kind'][] = ['contradiction', 'expired', 'quarantined', 'stale', 'unused'];

/** What in the knowledge may no longer hold, each with what can be done about it. */
export default function Findings() {
  const { t } = useText();
  const [dismissed, setDismissed] = useState(false);
  const [open, setOpen] = useState('');
  const client = useQueryClient();
  const query = useInfiniteQuery(k.findings(dismissed));
  const close = () => {
    setOpen('');
    void client.invalidateQueries({ queryKey: key.findings });
  };
  const all = query.data?.pages.flatMap((p) => p.items) ?? [];
  const groups = kinds
    .map((kind) => ({ kind, list: all.filter((f) => f.kind === kind) }))
    .filter((g) => g.list.length > 0);
  return (
    <>
      <p className="mb-4 max-w-160 text-ink-3">{t('finding.text')}</p>
      <div className="mb-3">
        <Segmented<'open' | 'dismissed'>
          label={t('knowledge.show')}
          value={dismissed ? 'dismissed' : 'open'}
          onChange={(v) => setDismissed(v === 'dismissed')}
          choices={[
            { value: 'open', label: t('finding.state.open') },
            { value: 'dismissed', label: t('finding.state.dismissed') },
          ]}
        />
      </div>
      <Answered query={query}>
        {all.length === 0 ? (
          <Card>
            {dismissed ? (
              <EmptyState icon="book" title={t('finding.none_dismissed')} />
            ) : (
              <EmptyState icon="check" title={t('finding.empty')} text={t('finding.empty_text')} />
            )}
          </Card>
        ) : null}
        {groups.map((g) => (
          <Card key={g.kind} title={t(`finding.kind.${g.kind}`)} text={t(`finding.kind_text.${g.kind}`)}>
            <ul aria-label={t(`finding.kind.${g.kind}`)}>
              {g.list.map((f) => (
                <FindingRow key={f.id} f={f} onOpen={setOpen} />
              ))}
            </ul>
          </Card>
        ))}
        <More query={query} />
      </Answered>
      <Suspense>{open ? <OpenPassage key={open} id={open} onClose={close} /> : null}</Suspense>
    </>
  );
}
