import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';
import { cn } from './cn.ts';
import { Icon, type IconName } from './icon.tsx';

const look = cva(
  'inline-flex h-5 max-w-full items-center gap-[5px] rounded-[5px] px-[7px] text-[11.5px] leading-5 weight-550 whitespace-nowrap',
  {
    variants: {
      tone: {
        plain: 'bg-hover text-ink-2',
        ai: 'bg-ai-soft text-ai-ink',
        ok: 'bg-ok-soft text-ok',
        warn: 'bg-warn-soft text-warn',
        bad: 'bg-bad-soft text-bad',
        brand: 'bg-brand/12 text-brand-ink',
      },
    },
    defaultVariants: { tone: 'plain' },
  },
);

type Look = VariantProps<typeof look> & { icon?: IconName };
export type Tone = NonNullable<Look['tone']>;

export function Chip({ tone, icon, className, children, ...rest }: ComponentProps<'span'> & Look) {
  return (
    <span {...rest} className={cn(look({ tone }), className)}>
      {icon ? <Icon name={icon} size={12} /> : null}
      <span className="truncate">{children}</span>
    </span>
  );
}

/** A chip one can press. */
export function ChipButton({ tone, icon, className, children, ...rest }: ComponentProps<'button'> & Look) {
  return (
    <button
      type="button"
      {...rest}
      className={cn(look({ tone }), 'hover:underline underline-offset-2 phone:h-7', className)}
    >
      {icon ? <Icon name={icon} size={12} /> : null}
      <span className="truncate">{children}</span>
    </button>
  );
}
