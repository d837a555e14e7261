import type { Channel } from '@core/types.ts';
import { Dialog } from '@ui';
import { useText } from '../state/i18n.ts';
import { TryPanel } from './try.tsx';

/** The place to try answers: beside the page where there is room, over it where there is not. */
export function TryBeside({
  channels,
  unsaved = false,
  label,
  open,
  onClose,
}: {
  channels: Channel[];
  unsaved?: boolean;
  label: string;
  open: boolean;
  onClose: () => void;
}) {
  const { t } = useText();
  return (
    <>
      <aside
        aria-label={label}
        className="flex min-h-0 flex-col border-s border-line bg-surface max-[1279px]:hidden"
      >
        <TryPanel channels={channels} unsaved={unsaved} heading={label} />
      </aside>
      <Dialog open={open} onClose={onClose} title={label} closeLabel={t('app.close')} wide>
        <div className="-mx-5 -mb-5 flex flex-col">
          <TryPanel channels={channels} unsaved={unsaved} />
        </div>
      </Dialog>
    </>
  );
}
