import { factors } from '@core/factors.ts';
import { key } from '@core/merge.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Dialog } from '@ui';
import { useState } from 'react';
import { useDesk } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { Refused, useSending } from '../state/sending.tsx';
import { Codes } from './recovery.tsx';

/** Makes recovery codes, which end those before; they are shown this once. */
export default function NewCodes({ had, onClose }: { had: boolean; onClose: () => void }) {
  const { t } = useText();
  const { me } = useDesk();
  const client = useQueryClient();
  const { busy, send, rest } = useSending();
  const [codes, setCodes] = useState<string[]>([]);
  const make = () =>
    void send(async () => {
      setCodes((await factors.newCodes()).codes);
      await client.invalidateQueries({ queryKey: key.factors });
    });
  const done = codes.length > 0;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(done ? 'factor.recovery_made' : 'factor.recovery')}
      text={t('factor.recovery_text')}
      closeLabel={t('app.close')}
      actions={
        done ? (
          <Button kind="primary" onClick={onClose}>
            {t('factor.recovery_kept')}
          </Button>
        ) : (
          <>
            <Button kind="ghost" onClick={onClose}>
              {t('app.cancel')}
            </Button>
            <Button kind="primary" busy={busy} onClick={make}>
              {t(had ? 'factor.recovery_make' : 'factor.recovery_first')}
            </Button>
          </>
        )
      }
    >
      {done ? <Codes codes={codes} email={me.member.email} /> : null}
      {!done && had ? <p>{t('factor.recovery_again')}</p> : null}
      <Refused text={rest} />
    </Dialog>
  );
}
