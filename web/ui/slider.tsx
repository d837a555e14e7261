import { Slider as Radix } from 'radix-ui';
import { cn } from './cn.ts';

/** A value on a line. The part above it is inked: what lies there is let through. */
export function Slider({
  label,
  value,
  min = 0,
  max,
  step,
  text,
  disabled,
  onChange,
  className,
}: {
  label: string;
  value: number;
  min?: number;
  max: number;
  step: number;
  /** The value as one reads it. */
  text: string;
  disabled?: boolean;
  onChange: (value: number) => void;
  className?: string;
}) {
  return (
    <Radix.Root
      value={[value]}
      min={min}
      max={max}
      step={step}
      {...(disabled === undefined ? {} : { disabled })}
      onValueChange={([v]) => v !== undefined && onChange(v)}
      className={cn('relative flex h-6 w-full touch-none items-center select-none', className)}
    >
      <Radix.Track className="relative h-2 flex-1 overflow-hidden rounded-full bg-ai">
        <Radix.Range className="absolute h-full bg-line-2" />
      </Radix.Track>
      <Radix.Thumb
        aria-label={label}
        aria-valuetext={text}
        className="block size-[18px] rounded-full border-2 border-ink bg-surface disabled:opacity-50 phone:size-6"
      />
    </Radix.Root>
  );
}
