import { type ComponentProps, type ReactNode, useEffect, useState } from 'react';
import { cn } from './cn.ts';
import { Icon, type IconName } from './icon.tsx';

export function Spinner({ label }: { label?: string }) {
  return (
    <span {...(label ? { role: 'status' } : {})} className="inline-grid place-items-center">
      <svg aria-hidden="true" viewBox="0 0 24 24" width="16" height="16" fill="none" className="anim-turn">
        <circle cx="12" cy="12" r="8" stroke="currentColor" strokeOpacity="0.25" strokeWidth="2.5" />
        <path d="M12 4a8 8 0 018 8" stroke="currentColor" strokeWidth="2.5" strokeLinecap="round" />
      </svg>
      {label ? <span className="sr-only">{label}</span> : null}
    </span>
  );
}

export function Progress({ label, part }: { label: string; part: number }) {
  const now = Math.round(part * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={now}
      aria-valuemin={0}
      aria-valuemax={100}
      className="h-1.5 overflow-hidden rounded-full bg-line"
    >
      <div
        className="h-full rounded-full bg-brand transition-[width] duration-[180ms]"
        style={{ width: `${now}%` }}
      />
    </div>
  );
}

export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden="true" className={cn('block rounded-small bg-hover anim-breathe', className)} />;
}

/** Shows its content only when waiting takes longer than one notices. */
export function Later({ children, ms = 150 }: { children: ReactNode; ms?: number }) {
  const [on, setOn] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOn(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return on ? children : null;
}

function State({ icon, title, text, children, tone }: StateProps & { tone: string }) {
  return (
    <div className="mx-auto flex max-w-90 flex-col items-center gap-1 px-6 py-14 text-center">
      <span className={cn('mb-3 grid size-10 place-items-center rounded-large', tone)}>
        <Icon name={icon} size={20} />
      </span>
      <p className="text-title weight-650">{title}</p>
      {text ? <p className="text-ink-3">{text}</p> : null}
      {children ? <div className="mt-4 flex flex-wrap justify-center gap-2">{children}</div> : null}
    </div>
  );
}

type StateProps = { icon: IconName; title: ReactNode; text?: ReactNode; children?: ReactNode };

export function EmptyState(props: StateProps) {
  return <State {...props} tone="bg-brand-soft text-brand-ink" />;
}

export function ErrorState(props: Omit<StateProps, 'icon'>) {
  return (
    <div role="alert">
      <State {...props} icon="alert" tone="bg-bad-soft text-bad" />
    </div>
  );
}

const tones = {
  info: 'bg-sunken text-ink-2 border-line',
  warn: 'bg-warn-soft text-warn border-warn/25',
  bad: 'bg-bad-soft text-bad border-bad/25',
  ai: 'bg-ai-soft text-ai-ink border-ai-line',
};

/** One line over a screen or a form about what holds right now. */
export function Banner({
  tone = 'info',
  icon = 'info',
  children,
  action,
  box,
  ...rest
}: Omit<ComponentProps<'div'>, 'children'> & {
  tone?: keyof typeof tones;
  icon?: IconName;
  children: ReactNode;
  action?: ReactNode;
  /** Stands inside a page, with corners. */
  box?: boolean;
}) {
  return (
    <div
      role="status"
      {...rest}
      className={cn(
        'flex items-center gap-2.5 px-4 py-2 phone:flex-wrap phone:justify-end',
        box ? 'rounded-medium border' : 'border-b',
        tones[tone],
        rest.className,
      )}
    >
      <Icon name={icon} />
      <div className={cn('min-w-0 flex-1', action && 'phone:basis-3/5')}>{children}</div>
      {action}
    </div>
  );
}
