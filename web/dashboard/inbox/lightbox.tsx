import type { Attachment } from '@core/types.ts';
import { Icon, IconButton } from '@ui';
import { Lightroom } from '@ui/lightroom.tsx';
import type { KeyboardEvent } from 'react';
import { useText } from '../state/i18n.ts';

/** Pictures large, one after the other; Esc closes, the arrows turn. */
export default function Lightbox({
  pictures,
  at,
  onMove,
  onClose,
}: {
  pictures: Attachment[];
  at: number;
  onMove: (to: number) => void;
  onClose: () => void;
}) {
  const { t, format } = useText();
  const a = pictures[at];
  if (!a) return null;
  const many = pictures.length > 1;
  const turn = (by: number) => onMove((at + by + pictures.length) % pictures.length);
  const onKeyDown = (e: KeyboardEvent) => {
    if (!many || (e.key !== 'ArrowLeft' && e.key !== 'ArrowRight')) return;
    e.preventDefault();
    const forward = (e.key === 'ArrowRight') === (document.documentElement.dir !== 'rtl');
    turn(forward ? 1 : -1);
  };
  const name = a.name || t('file.image');
  return (
    <Lightroom label={name} onClose={onClose} onKeyDown={onKeyDown}>
      <header className="flex items-center gap-1 px-3 py-2">
        <p dir="auto" className="min-w-0 flex-1 truncate ps-1 text-start font-medium">
          {name}
          <span className="num ps-2 font-normal text-ink-3">
            {many ? `${format.number(at + 1)}/${format.number(pictures.length)} · ` : ''}
            {format.bytes(a.size)}
          </span>
        </p>
        <a
          href={a.url}
          download={a.name || true}
          aria-label={t('file.load')}
          className="grid size-8 place-items-center rounded-medium text-ink-2 hover:bg-hover hover:text-ink phone:size-10"
        >
          <Icon name="load" />
        </a>
        <IconButton icon="x" label={t('app.close')} onClick={onClose} />
      </header>
      <div className="relative grid min-h-0 flex-1 place-items-center p-3 pt-0">
        <img src={a.url} alt={name} className="max-h-full max-w-full rounded-medium object-contain" />
        {many ? (
          <>
            <IconButton
              icon="left"
              kind="outline"
              label={t('file.before')}
              onClick={() => turn(-1)}
              className="absolute inset-y-0 start-4 my-auto rtl:-scale-x-100"
            />
            <IconButton
              icon="right"
              kind="outline"
              label={t('file.after')}
              onClick={() => turn(1)}
              className="absolute inset-y-0 end-4 my-auto rtl:-scale-x-100"
            />
          </>
        ) : null}
      </div>
    </Lightroom>
  );
}
