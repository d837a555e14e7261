import { Switch as Radix } from 'radix-ui';
import { type ReactNode, useId } from 'react';

/** A setting that holds at once, with its name and a line about it. */
export function Switch({
  label,
  hint,
  on,
  disabled,
  onChange,
}: {
  label: ReactNode;
  hint?: ReactNode;
  on: boolean;
  disabled?: boolean;
  onChange: (on: boolean) => void;
}) {
  const id = useId();
  return (
    <div className="flex items-start justify-between gap-4">
      <div>
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {hint ? (
          <p id={`${id}-hint`} className="text-ink-3">
            {hint}
          </p>
        ) : null}
      </div>
      <Radix.Root
        id={id}
        checked={on}
        disabled={disabled}
        onCheckedChange={onChange}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="relative mt-0.5 h-5 w-[34px] flex-none rounded-full bg-line-2 transition-colors duration-[120ms] disabled:opacity-50 data-[state=checked]:bg-brand"
      >
        <Radix.Thumb className="absolute inset-y-0.5 start-0.5 block w-4 rounded-full bg-surface transition-[inset-inline-start] duration-[120ms] data-[state=checked]:start-4" />
      </Radix.Root>
    </div>
  );
}
