import { cn } from './cn.ts';

const mac = typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.userAgent);

const signs: Record<string, string> = {
  mod: mac ? '⌘' : 'Ctrl',
  shift: mac ? '⇧' : 'Shift',
  enter: '↵',
  esc: 'Esc',
  down: '↓',
  up: '↑',
};

/** 'mod+enter' as people know it: Ctrl ↵ or ⌘ ↵. */
export function keyText(keys: string): string {
  return keys
    .split('+')
    .map((k) => signs[k] ?? (k.length === 1 ? k.toUpperCase() : k))
    .join(' ');
}

export function Kbd({ keys, on, className }: { keys: string; on?: boolean; className?: string }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a kbd takes no focus
    <kbd
      aria-hidden="true"
      dir="ltr"
      className={cn(
        'inline-grid h-[18px] min-w-[18px] place-items-center rounded-[4px] border px-1 font-sans text-[11px] leading-4 font-medium phone:hidden',
        on ? 'border-transparent bg-current/15 text-inherit' : 'border-line bg-sunken text-ink-3',
        className,
      )}
    >
      {keyText(keys)}
    </kbd>
  );
}
