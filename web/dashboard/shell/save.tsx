import { Button } from '@ui';
import { useText } from '../state/i18n.ts';

/** The end of a form that is saved or left. */
export function SaveOrLeave({ busy, onLeave }: { busy: boolean; onLeave: () => void }) {
  const { t } = useText();
  return (
    <div className="flex justify-end gap-2">
      <Button kind="ghost" onClick={onLeave}>
        {t('app.cancel')}
      </Button>
      <Button kind="primary" type="submit" busy={busy}>
        {t('app.save')}
      </Button>
    </div>
  );
}
