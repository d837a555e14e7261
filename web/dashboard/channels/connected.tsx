import type { Arrival } from '@core/arrival.ts';
import type { Offer } from '@core/types.ts';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useRouteContext } from '@tanstack/react-router';
import { Button, Card, EmptyState, ErrorState, Spinner } from '@ui';
import { useEffect, useState } from 'react';
import { PageFrame } from '../shell/page.tsx';
import { problemText } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';
import { ConnectDialog } from './connect.tsx';
import { OfferForm } from './offer.tsx';

type Answer = { offer?: Offer; problem?: unknown };

/** Where a sign-in at a provider comes back to. */
export function ConnectedScreen() {
  const { arrival } = useRouteContext({ from: '/desk/channels/connected' });
  const navigate = useNavigate();
  const toList = () => void navigate({ to: '/channels/{-$id}', params: { id: undefined }, replace: true });
  return (
    <main id="main" className="grid min-h-0 min-w-0">
      <Arrived arrival={arrival} onDone={toList} />
    </main>
  );
}

export function Arrived({ arrival, onDone }: { arrival: Arrival | null; onDone: () => void }) {
  const { t } = useText();
  const kinds = useQuery(q.kinds());
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [again, setAgain] = useState(false);
  useEffect(() => {
    if (!arrival || arrival.refused) return;
    let here = true;
    arrival.offer().then(
      (offer) => here && setAnswer({ offer }),
      (problem) => here && setAnswer({ problem }),
    );
    return () => {
      here = false;
    };
  }, [arrival]);
  const restart = () => setAgain(true);
  return (
    <PageFrame title={t('connect.title')}>
      <Card>
        {arrival && !arrival.refused && !answer ? (
          <div className="flex items-center justify-center gap-3 px-6 py-14 text-ink-2" role="status">
            <Spinner />
            {t('connect.asking')}
          </div>
        ) : answer?.offer ? (
          <div className="p-[18px]">
            <OfferForm
              offer={answer.offer}
              kinds={kinds.data?.items ?? []}
              onDone={onDone}
              onAgain={restart}
            />
          </div>
        ) : (
          <Nothing arrival={arrival} problem={answer?.problem} onAgain={restart} onBack={onDone} />
        )}
      </Card>
      {again ? <ConnectDialog onClose={() => setAgain(false)} /> : null}
    </PageFrame>
  );
}

/** A sign-in that brought nothing: why, and the way to another. */
function Nothing({
  arrival,
  problem,
  onAgain,
  onBack,
}: {
  arrival: Arrival | null;
  problem: unknown;
  onAgain: () => void;
  onBack: () => void;
}) {
  const { t } = useText();
  const ways = (
    <>
      <Button kind="primary" icon="refresh" onClick={onAgain}>
        {t('connect.again')}
      </Button>
      <Button kind="ghost" onClick={onBack}>
        {t('channel.back')}
      </Button>
    </>
  );
  if (!arrival) {
    return (
      <EmptyState icon="plug" title={t('connect.over')} text={t('connect.over_text')}>
        {ways}
      </EmptyState>
    );
  }
  if (arrival.refused === 'denied') {
    return (
      <EmptyState icon="x" title={t('connect.denied')} text={t('connect.denied_text')}>
        {ways}
      </EmptyState>
    );
  }
  return (
    <ErrorState
      title={t('connect.failed')}
      text={arrival.refused ? t('connect.failed_text') : problemText(t, problem)}
    >
      {ways}
    </ErrorState>
  );
}
