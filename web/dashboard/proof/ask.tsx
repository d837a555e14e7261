import { proofs } from '@core/factors.ts';
import { key } from '@core/merge.ts';
import type { Me } from '@core/types.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Dialog } from '@ui';
import { useCallback } from 'react';
import { Answered } from '../shell/page.tsx';
import { useDesk } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { ProofForm } from './form.tsx';
import { ProveOutside } from './outside.tsx';
import { factorQuery, waysOf } from './ways.ts';

/** Asks once more who somebody is, over whatever they were doing. */
export default function Ask({ onEnd }: { onEnd: (shown: boolean) => void }) {
  const { t } = useText();
  const { me } = useDesk();
  const client = useQueryClient();
  const has = useQuery(factorQuery);
  const shown = useCallback(() => onEnd(true), [onEnd]);
  return (
    <Dialog
      open
      onClose={() => onEnd(false)}
      title={t('proof.title')}
      text={t('proof.text')}
      closeLabel={t('app.close')}
    >
      <Answered query={has}>
        {has.data ? (
          <ProofForm
            ways={[...waysOf(has.data), 'password']}
            email={me.member.email}
            leave={t('app.cancel')}
            onLeave={() => onEnd(false)}
            onShow={async (shown) => {
              client.setQueryData<Me>(key.me, await proofs.again(shown));
              onEnd(true);
            }}
          />
        ) : null}
        <ProveOutside onShown={shown} />
      </Answered>
    </Dialog>
  );
}
