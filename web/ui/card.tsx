import type { ReactNode } from 'react';
import { cn } from './cn.ts';

/** One subject of a page on its own sheet. */
export function Card({
  title,
  text,
  action,
  children,
  className,
}: {
  title?: ReactNode;
  text?: ReactNode;
  action?: ReactNode;
  children?: ReactNode;
  className?: string;
}) {
  return (
    <section className={cn('mb-5 rounded-large border border-line bg-surface', className)}>
      {title ? (
        <header className="flex flex-wrap items-center gap-x-2.5 gap-y-1.5 px-[18px] pt-3.5 pb-1">
          <h2 className="min-w-36 flex-1 text-msg weight-650">{title}</h2>
          {action}
        </header>
      ) : null}
      {text ? <p className="px-[18px] pb-3 text-ink-3">{text}</p> : null}
      {children}
    </section>
  );
}

/** The padding of a card's content. */
export function CardBody({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={cn('flex flex-col gap-4 px-[18px] pt-2 pb-[18px]', className)}>{children}</div>;
}

/** One line of a list: what stands first, the words, what stands last. */
export function Row({
  start,
  title,
  text,
  end,
  className,
}: {
  start?: ReactNode;
  title: ReactNode;
  text?: ReactNode;
  end?: ReactNode;
  className?: string;
}) {
  return (
    <div className={cn('flex min-h-13 items-center gap-3 border-t border-line px-[18px] py-2', className)}>
      {start}
      <div className="min-w-0 flex-1">
        <div className="truncate font-medium">{title}</div>
        {text ? (
          <div className="truncate text-ink-3 phone:break-words phone:whitespace-normal">{text}</div>
        ) : null}
      </div>
      {end}
    </div>
  );
}

export function VisuallyHidden({ children }: { children: ReactNode }) {
  return <span className="sr-only">{children}</span>;
}
