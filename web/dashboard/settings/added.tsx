import { key } from '@core/merge.ts';
import type { Me, Schemas } from '@core/types.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Dialog, useToast } from '@ui';
import { type ReactNode, useState } from 'react';
import { useDesk } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Codes } from './recovery.tsx';

/** What follows a new factor: its first recovery codes where there are any, else a word. */
export function useAdded(onClose: () => void): {
  shown: ReactNode;
  added: (made: Schemas['AddedFactor']) => void;
} {
  const { t } = useText();
  const { me } = useDesk();
  const client = useQueryClient();
  const say = useToast();
  const [codes, setCodes] = useState<string[]>([]);
  const added = (made: Schemas['AddedFactor']) => {
    client.setQueryData<Me>(key.me, made.me);
    void client.invalidateQueries({ queryKey: key.factors });
    say(t('factor.added'));
    if (made.recovery_codes.length) setCodes(made.recovery_codes);
    else onClose();
  };
  const shown = codes.length ? (
    <Dialog
      open
      onClose={onClose}
      title={t('factor.recovery_made')}
      text={t('factor.recovery_text')}
      closeLabel={t('app.close')}
      actions={
        <Button kind="primary" onClick={onClose}>
          {t('factor.recovery_kept')}
        </Button>
      }
    >
      <Codes codes={codes} email={me.member.email} />
    </Dialog>
  ) : null;
  return { shown, added };
}
