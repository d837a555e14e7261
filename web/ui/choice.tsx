import { RadioGroup, Tabs as RadixTabs } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from './cn.ts';

export type Choice<T extends string> = {
  value: T;
  label: ReactNode;
  /** In the AI's ink once chosen: `soft` for what it prepares, `strong` for what it does. */
  ai?: 'soft' | 'strong';
};

const inked = {
  soft: 'data-[state=checked]:bg-ai-soft data-[state=checked]:text-ai-ink data-[state=checked]:ring-1 data-[state=checked]:ring-ai-line',
  strong: 'data-[state=checked]:bg-ai data-[state=checked]:text-on-ai',
};

/** A few ways of which exactly one holds, side by side. */
export function Segmented<T extends string>({
  label,
  value,
  choices,
  onChange,
  disabled,
  tone = 'plain',
}: {
  label: string;
  value: T;
  choices: Choice<T>[];
  onChange: (value: T) => void;
  disabled?: boolean;
  tone?: 'plain' | 'ai';
}) {
  return (
    <RadioGroup.Root
      aria-label={label}
      value={value}
      disabled={disabled}
      onValueChange={(v) => onChange(v as T)}
      orientation="horizontal"
      className={cn(
        'inline-flex max-w-full flex-none rounded-medium p-0.5',
        tone === 'ai' ? 'bg-ai/12' : 'bg-hover',
        disabled && 'opacity-60',
      )}
    >
      {choices.map((c) => (
        <RadioGroup.Item
          key={c.value}
          value={c.value}
          className={cn(
            'h-6 rounded-small px-2.5 text-meta weight-550 whitespace-nowrap phone:h-9 phone:px-3',
            tone === 'ai' ? 'text-ai-ink' : 'text-ink-2',
            c.ai ? inked[c.ai] : 'data-[state=checked]:bg-surface data-[state=checked]:shadow-1',
            tone === 'plain' &&
              !c.ai &&
              'data-[state=checked]:text-ink data-[state=checked]:ring-1 data-[state=checked]:ring-line',
          )}
        >
          {c.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}

/** Pages of one thing. `line` stands over a page, `pill` over a list. */
/** On a narrow screen the chosen tab may stand beyond the edge of its row. */
const intoView = (el: HTMLElement | null) => {
  const row = el?.parentElement;
  if (!row || row.scrollWidth <= row.clientWidth) return;
  row.scrollLeft += el.getBoundingClientRect().left - row.getBoundingClientRect().left - 60;
};

export function Tabs<T extends string>({
  label,
  value,
  tabs,
  onChange,
  children,
  look = 'line',
  className,
}: {
  label: string;
  value: T;
  tabs: Choice<T>[];
  onChange: (value: T) => void;
  children?: ReactNode;
  look?: 'line' | 'pill';
  className?: string;
}) {
  return (
    <RadixTabs.Root value={value} onValueChange={(v) => onChange(v as T)} className={className}>
      <RadixTabs.List
        aria-label={label}
        className={cn(
          'flex overflow-x-auto border-b border-line [scrollbar-width:none]',
          look === 'pill' ? 'gap-1 px-3 py-2' : 'gap-0.5',
        )}
      >
        {tabs.map((t) => (
          <RadixTabs.Trigger
            key={t.value}
            value={t.value}
            ref={t.value === value ? intoView : undefined}
            className={cn(
              'ring-inner whitespace-nowrap font-medium',
              look === 'pill'
                ? 'h-[26px] rounded-small px-[9px] text-ink-2 data-[state=active]:bg-hover data-[state=active]:font-semibold data-[state=active]:text-ink phone:h-9'
                : 'rounded-t-small px-3 pt-2 pb-[9px] text-ink-3 data-[state=active]:font-semibold data-[state=active]:text-ink data-[state=active]:not-focus-visible:shadow-[inset_0_-2px_var(--ink)] phone:py-3',
            )}
          >
            {t.label}
          </RadixTabs.Trigger>
        ))}
      </RadixTabs.List>
      {children}
    </RadixTabs.Root>
  );
}

export function TabPage({
  value,
  children,
  className,
}: {
  value: string;
  children: ReactNode;
  className?: string;
}) {
  return (
    <RadixTabs.Content value={value} className={cn('rounded-small', className)}>
      {children}
    </RadixTabs.Content>
  );
}
