import { Button } from '@ui';
import { useText } from '../state/i18n.ts';

/** The end of a form that is sent or left; what sends it says Save where nothing else is said. */
export function SaveOrLeave({
  busy,
  label,
  onLeave,
}: {
  busy?: boolean;
  label?: string;
  onLeave: () => void;
}) {
  const { t } = useText();
  return (
    <div className="flex justify-end gap-2">
      <Button kind="ghost" onClick={onLeave}>
        {t('app.cancel')}
      </Button>
      <Button kind="primary" type="submit" busy={busy}>
        {label ?? t('app.save')}
      </Button>
    </div>
  );
}
