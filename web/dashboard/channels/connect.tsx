import type { ChannelKind, Offer } from '@core/types.ts';
import { useQuery } from '@tanstack/react-query';
import { Button, Chip, Dialog, EmptyState, Icon } from '@ui';
import { useState } from 'react';
import { Answered } from '../shell/page.tsx';
import { useText } from '../state/i18n.ts';
import { q } from '../state/queries.ts';
import { Ask } from './ask.tsx';
import { KindMark, useKindName } from './kind.tsx';
import { OfferForm } from './offer.tsx';

/** From the choice of a channel to the sign-in, or to the accounts of a pasted token. */
export function ConnectDialog({ kind: first, onClose }: { kind?: string; onClose: () => void }) {
  const { t } = useText();
  const named = useKindName();
  const [kind, setKind] = useState(first ?? '');
  const [offer, setOffer] = useState<Offer | null>(null);
  const query = useQuery(q.kinds());
  const kinds = query.data?.items ?? [];
  const chosen = kinds.find((k) => k.kind === kind && k.entitled);
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={chosen ? t('connect.title_kind', { kind: named(chosen.kind) }) : t('connect.title')}
      text={chosen ? undefined : t('connect.text')}
      closeLabel={t('app.close')}
    >
      <Answered query={query}>
        {offer ? (
          <OfferForm
            offer={offer}
            kinds={kinds}
            onDone={onClose}
            onOpen={onClose}
            onAgain={() => setOffer(null)}
          />
        ) : chosen ? (
          <Ask
            key={chosen.kind}
            kind={chosen}
            onOffer={setOffer}
            onBack={first ? undefined : () => setKind('')}
          />
        ) : (
          <Kinds kinds={kinds} onChoose={setKind} />
        )}
      </Answered>
    </Dialog>
  );
}

const about = {
  instagram: 'connect.instagram',
  messenger: 'connect.messenger',
  whatsapp: 'connect.whatsapp',
} as const;

function Kinds({ kinds, onChoose }: { kinds: ChannelKind[]; onChoose: (kind: string) => void }) {
  const { t } = useText();
  const named = useKindName();
  if (kinds.length === 0) return <EmptyState icon="plug" title={t('connect.none')} />;
  return (
    <ul className="flex flex-col gap-2">
      {kinds.map((k) => {
        const line = about[k.kind as keyof typeof about];
        const inside = (
          <>
            <KindMark kind={k.kind} />
            <span className="min-w-0 flex-1">
              <span className="block font-semibold">{named(k.kind)}</span>
              <span className="block text-ink-3">
                {k.entitled ? line && t(line) : t('connect.no_plan_text')}
              </span>
            </span>
          </>
        );
        const look = 'flex w-full items-center gap-3 rounded-large border border-line px-3.5 py-3 text-start';
        return (
          <li key={k.kind}>
            {k.entitled ? (
              <button
                type="button"
                className={`${look} hover:border-line-2 hover:bg-hover`}
                onClick={() => onChoose(k.kind)}
              >
                {inside}
                <Icon name="right" className="text-ink-3 rtl:-scale-x-100" />
              </button>
            ) : (
              <div className={`${look} bg-sunken`}>
                {inside}
                <Chip icon="lock">{t('connect.no_plan')}</Chip>
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** Opens the dialog. */
export function ConnectButton() {
  const { t } = useText();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button kind="primary" icon="plug" onClick={() => setOpen(true)}>
        {t('connect.open')}
      </Button>
      {open ? <ConnectDialog onClose={() => setOpen(false)} /> : null}
    </>
  );
}
