import type { Attachment } from '@core/types.ts';
import { cn, Icon, type IconName, patient, Skeleton } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { useText } from '../state/i18n.ts';

const Lightbox = lazy(patient(() => import('./lightbox.tsx')));

const isPicture = (a: Attachment) => a.kind === 'image' || a.kind === 'sticker';
const icons: Record<Attachment['kind'], IconName> = {
  image: 'camera',
  sticker: 'camera',
  video: 'play',
  audio: 'mark',
  file: 'file',
};

/** The files of a message: pictures to open, sound and film to play, the rest to load. */
export function Files({ files, small }: { files: Attachment[]; small?: boolean }) {
  const { t } = useText();
  const [open, setOpen] = useState<number | null>(null);
  if (files.length === 0) return null;
  const ready = files.filter((a) => a.state === 'ready');
  const pictures = ready.filter(isPicture);
  const grid = pictures.length > 1;
  return (
    <>
      {pictures.length ? (
        <ul
          aria-label={t('file.pictures')}
          className={cn('flex max-w-full flex-wrap gap-1.5', small && 'py-1')}
        >
          {pictures.map((a, i) => (
            <li key={a.id} className="max-w-full">
              <Thumb
                a={a}
                size={small ? 96 : grid ? 144 : a.kind === 'sticker' ? 128 : 280}
                onOpen={() => setOpen(i)}
              />
            </li>
          ))}
        </ul>
      ) : null}
      {files.map((a) => (isPicture(a) && a.state === 'ready' ? null : <One key={a.id} a={a} />))}
      {open !== null ? (
        <Suspense>
          <Lightbox pictures={pictures} at={open} onMove={setOpen} onClose={() => setOpen(null)} />
        </Suspense>
      ) : null}
    </>
  );
}

/** How a picture of this size fits a square, so that nothing moves when it has come. */
function fitted(a: Attachment, most: number): { width: number; height: number } {
  const [w, h] = [a.width || most, a.height || most];
  const part = Math.min(1, most / w, most / h);
  return { width: Math.max(40, Math.round(w * part)), height: Math.max(40, Math.round(h * part)) };
}

function Thumb({ a, size, onOpen }: { a: Attachment; size: number; onOpen: () => void }) {
  const { t } = useText();
  const [broken, setBroken] = useState(false);
  const { width, height } = fitted(a, size);
  if (broken) return <Missing icon="camera" words={t('file.broken')} />;
  return (
    <button
      type="button"
      onClick={onOpen}
      aria-label={a.name ? t('file.open_named', { name: a.name }) : t('file.open')}
      className={cn(
        'block max-w-full overflow-hidden rounded-[10px] transition-opacity duration-[120ms] hover:opacity-90',
        a.kind === 'sticker' ? '' : 'border border-line bg-sunken',
      )}
    >
      <img
        src={a.url}
        alt=""
        width={width}
        height={height}
        loading="lazy"
        decoding="async"
        onError={() => setBroken(true)}
        className={cn('block h-auto max-w-full', a.kind === 'sticker' ? 'object-contain' : 'object-cover')}
      />
    </button>
  );
}

function Missing({ icon, words }: { icon: IconName; words: string }) {
  return (
    <p className="flex max-w-100 items-center gap-2 rounded-[10px] border border-dashed border-line-2 px-3 py-2 text-ink-3">
      <Icon name={icon} />
      <span>{words}</span>
    </p>
  );
}

function One({ a }: { a: Attachment }) {
  const { t, format } = useText();
  const name = a.name || t(`file.${a.voice ? 'voice' : a.kind}`);
  if (a.state === 'waiting') {
    const { width, height } =
      isPicture(a) || a.kind === 'video' ? fitted(a, 200) : { width: 280, height: 44 };
    return (
      <div
        role="status"
        style={{ width, height }}
        className="relative max-w-full overflow-hidden rounded-[10px]"
      >
        <Skeleton className="size-full" />
        <span className="absolute inset-0 grid place-items-center px-2 text-center text-meta text-ink-3">
          {t('file.waiting')}
        </span>
      </div>
    );
  }
  if (a.state !== 'ready') {
    return (
      <Missing icon={icons[a.kind]} words={a.words || t(a.state === 'gone' ? 'file.gone' : 'file.failed')} />
    );
  }
  if (a.kind === 'audio') {
    return (
      // biome-ignore lint/a11y/useMediaCaption: nobody has written down what a customer says
      <audio controls preload="metadata" src={a.url} aria-label={name} className="h-11 w-80 max-w-full" />
    );
  }
  if (a.kind === 'video') {
    const { width, height } = fitted({ ...a, width: a.width || 320, height: a.height || 180 }, 320);
    return (
      // biome-ignore lint/a11y/useMediaCaption: nobody has written down what a customer says
      <video
        controls
        preload="metadata"
        playsInline
        src={a.url}
        aria-label={name}
        width={width}
        height={height}
        className="max-w-full rounded-[10px] border border-line bg-sunken"
      />
    );
  }
  return (
    <a
      href={a.url}
      download={a.name || true}
      className="flex w-80 max-w-full items-center gap-2.5 rounded-[10px] border border-line bg-surface px-3 py-2 hover:bg-hover"
    >
      <span className="grid size-8 flex-none place-items-center rounded-medium bg-brand-soft text-brand-ink">
        <Icon name="file" />
      </span>
      <span className="min-w-0 flex-1">
        <span dir="auto" className="block truncate text-start font-medium">
          {name}
        </span>
        <span className="num block text-meta text-ink-3">{format.bytes(a.size)}</span>
      </span>
      <span className="sr-only">{t('file.load')}</span>
      <Icon name="load" className="text-ink-3" />
    </a>
  );
}
