import { closing } from '@core/standing.ts';
import { Button, useToast } from '@ui';
import { useState } from 'react';
import { useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';
import { saveAs } from './saveas.ts';

/** Everything that the workspace holds, as one file; a large one takes minutes. */
export function TakeAlong() {
  const { t } = useText();
  const attempt = useTry();
  const say = useToast();
  const [busy, setBusy] = useState(false);
  const take = async () => {
    setBusy(true);
    await attempt(async () => {
      saveAs(`parley-${new Date().toISOString().slice(0, 10)}.zip`, await closing.file());
      say(t('closing.along_done'));
    });
    setBusy(false);
  };
  return (
    <Button size="s" icon="load" busy={busy} onClick={() => void take()}>
      {t(busy ? 'closing.along_busy' : 'closing.along_do')}
    </Button>
  );
}
