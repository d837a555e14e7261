import { Button, Dialog } from '@ui';
import { type ReactNode, useState } from 'react';
import { useTry } from '../state/desk.tsx';
import { useText } from '../state/i18n.ts';

/** Asks once more before something that cannot be undone. */
export function Confirm({
  title,
  text,
  action,
  children,
  onRun,
  onClose,
}: {
  title: string;
  text: ReactNode;
  action: string;
  /** What exactly will happen, where the text alone does not say. */
  children?: ReactNode;
  onRun: () => Promise<unknown>;
  onClose: () => void;
}) {
  const { t } = useText();
  const attempt = useTry();
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    const done = await attempt(async () => {
      await onRun();
      return true;
    });
    setBusy(false);
    if (done) onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      text={text}
      closeLabel={t('app.close')}
      actions={
        <>
          <Button kind="ghost" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button kind="danger" busy={busy} onClick={() => void run()}>
            {action}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
