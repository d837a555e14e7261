import { initials, steady } from '@core/format.ts';
import { cn } from './cn.ts';
import { Icon, type IconName } from './icon.tsx';

const faces = [
  '',
  'bg-face-1 text-face-1-ink',
  'bg-face-2 text-face-2-ink',
  'bg-face-3 text-face-3-ink',
  'bg-face-4 text-face-4-ink',
  'bg-face-5 text-face-5-ink',
];
const sizes = {
  xs: 'size-5 rounded-small text-[8.5px]',
  s: 'size-6 rounded-medium text-[10px]',
  m: 'size-8 rounded-[10px] text-[12px]',
  l: 'size-10 rounded-[12px] text-[13px]',
};

/** Two letters on a colour that stays with the person. Hidden from readers: the name stands beside it. */
export function Avatar({
  name,
  seed,
  size = 'm',
  bot,
  badge,
  src,
  locale = 'en',
}: {
  name: string;
  seed: string;
  size?: keyof typeof sizes;
  bot?: boolean;
  badge?: IconName;
  /** A picture that covers the letters once it is there. */
  src?: string;
  locale?: string;
}) {
  const face = bot ? 'bg-ai-soft text-ai-ink' : faces[steady(seed, 5)];
  return (
    <span
      aria-hidden="true"
      className={cn(
        'relative grid flex-none place-items-center leading-none font-semibold',
        sizes[size],
        face,
      )}
    >
      {bot ? <Icon name="spark" size={14} /> : name ? initials(name, locale) : <Icon name="user" size={14} />}
      {src ? (
        <img
          src={src}
          alt=""
          className="absolute inset-0 size-full rounded-[inherit] object-cover"
          onError={(e) => e.currentTarget.remove()}
        />
      ) : null}
      {badge ? (
        <span className="absolute -end-1 -bottom-1 grid size-4 place-items-center rounded-small bg-surface text-ink-2 ring-1 ring-line">
          <Icon name={badge} size={10} />
        </span>
      ) : null}
    </span>
  );
}
