import { type ComponentProps, createContext, type ReactNode, useContext, useId, useState } from 'react';
import { cn } from './cn.ts';
import { Icon } from './icon.tsx';

type Wiring = { id: string; hint?: string; error?: string };
const FieldContext = createContext<Wiring | null>(null);

const box =
  'w-full rounded-medium border border-line-2 bg-surface px-[11px] text-ink transition-colors duration-[120ms] hover:border-ink-3 aria-invalid:border-bad disabled:bg-sunken disabled:text-ink-3 phone:text-[16px]';

function useWiring(props: { id?: string }) {
  const field = useContext(FieldContext);
  return {
    id: props.id ?? field?.id,
    'aria-describedby': [field?.error, field?.hint].filter(Boolean).join(' ') || undefined,
    'aria-invalid': field?.error ? true : undefined,
  };
}

/** A label, one control, and what to say about it. The control finds its ids by itself. */
export function Field({
  label,
  hint,
  error,
  children,
  className,
}: {
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  const id = useId();
  const wiring = { id, hint: hint ? `${id}-hint` : undefined, error: error ? `${id}-error` : undefined };
  return (
    <FieldContext.Provider value={wiring}>
      <div className={cn('flex flex-col gap-1', className)}>
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {children}
        {error ? (
          <p id={wiring.error} className="flex items-center gap-1 text-meta text-bad">
            <Icon name="alert" size={13} />
            {error}
          </p>
        ) : null}
        {hint ? (
          <p id={wiring.hint} className="text-meta text-ink-3">
            {hint}
          </p>
        ) : null}
      </div>
    </FieldContext.Provider>
  );
}

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  const wiring = useWiring(rest);
  return <input {...wiring} {...rest} className={cn(box, 'h-8 phone:h-11', className)} />;
}

/** A password: hidden until one asks to see it; pasting is welcome. */
export function Secret({ showLabel, className, ...rest }: ComponentProps<'input'> & { showLabel: string }) {
  const [shown, setShown] = useState(false);
  return (
    <span className="relative block">
      <Input
        {...rest}
        type={shown ? 'text' : 'password'}
        autoCapitalize="off"
        spellCheck={false}
        className={cn('pe-10!', className)}
      />
      <button
        type="button"
        aria-label={showLabel}
        aria-pressed={shown}
        onClick={() => setShown(!shown)}
        className="ring-inner absolute inset-y-0 end-0 grid w-10 place-items-center rounded-medium text-ink-3 hover:text-ink aria-pressed:text-brand-ink"
      >
        <Icon name="eye" />
      </button>
    </span>
  );
}

export function Textarea({ className, ...rest }: ComponentProps<'textarea'>) {
  const wiring = useWiring(rest);
  return <textarea rows={4} {...wiring} {...rest} className={cn(box, 'resize-y py-2', className)} />;
}

/** The browser's own list: right on phones, with every keyboard and reader. */
export function Select({ className, children, ...rest }: ComponentProps<'select'>) {
  const wiring = useWiring(rest);
  return (
    <span className={cn('relative block', className)}>
      <select {...wiring} {...rest} className={cn(box, 'h-8 appearance-none pe-8 phone:h-11')}>
        {children}
      </select>
      <Icon
        name="down"
        size={14}
        className="pointer-events-none absolute inset-y-0 end-2.5 my-auto text-ink-3"
      />
    </span>
  );
}
