import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';
import { cn } from './cn.ts';
import { Spinner } from './feedback.tsx';
import { Icon, type IconName } from './icon.tsx';
import { Kbd } from './kbd.tsx';
import { Tooltip } from './tooltip.tsx';

const look = cva(
  'inline-flex items-center justify-center gap-[7px] rounded-medium weight-550 whitespace-nowrap select-none transition-colors duration-[120ms] ease-calm disabled:opacity-55',
  {
    variants: {
      kind: {
        primary: 'bg-brand text-on-brand not-disabled:hover:bg-brand-hover',
        outline: 'border border-line bg-surface shadow-1 not-disabled:hover:bg-hover',
        ghost: 'text-ink-2 not-disabled:hover:bg-hover not-disabled:hover:text-ink',
        ai: 'bg-ai text-on-ai not-disabled:hover:opacity-90',
        danger: 'border border-bad/35 bg-surface text-bad not-disabled:hover:bg-bad-soft',
      },
      size: {
        m: 'h-8 phone:h-10',
        s: 'h-7 phone:h-9',
      },
      shape: { words: '', icon: '' },
    },
    compoundVariants: [
      { shape: 'words', size: 'm', class: 'px-3' },
      { shape: 'words', size: 's', class: 'px-2.5' },
      { shape: 'icon', size: 'm', class: 'w-8 phone:w-10' },
      { shape: 'icon', size: 's', class: 'w-7 phone:w-9' },
    ],
    defaultVariants: { kind: 'outline', size: 'm', shape: 'words' },
  },
);

export type ButtonProps = ComponentProps<'button'> &
  VariantProps<typeof look> & { icon?: IconName; keys?: string; busy?: boolean };

export function Button({ kind, size, icon, keys, busy, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled || busy}
      aria-busy={busy || undefined}
      className={cn(look({ kind, size }), className)}
    >
      {busy ? <Spinner /> : icon ? <Icon name={icon} /> : null}
      {children}
      {keys ? <Kbd keys={keys} on={kind === 'primary'} /> : null}
    </button>
  );
}

type IconButtonProps = Omit<ComponentProps<'button'>, 'aria-label'> &
  VariantProps<typeof look> & { icon: IconName; label: string; keys?: string; tip?: string };

/** A button without words: its label is read out and shown as a tip. */
export function IconButton({
  icon,
  label,
  keys,
  kind = 'ghost',
  size,
  className,
  tip,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={tip ?? label} keys={keys}>
      <button
        type="button"
        aria-label={label}
        {...rest}
        className={cn(look({ kind, size, shape: 'icon' }), className)}
      >
        <Icon name={icon} />
      </button>
    </Tooltip>
  );
}
