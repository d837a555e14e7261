import { Toast as Radix } from 'radix-ui';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react';
import { IconButton } from './button.tsx';
import { cn } from './cn.ts';
import { Icon } from './icon.tsx';
import { Kbd } from './kbd.tsx';

export type ToastAction = { label: string; keys?: string; run: () => void };
type Note = { no: number; text: string; bad: boolean; action?: ToastAction; ms: number };
type Say = (text: string, more?: { bad?: boolean; action?: ToastAction; ms?: number }) => void;

const ToastContext = createContext<Say>(() => {});

/** Says something short at the edge of the screen. */
export function useToast(): Say {
  return useContext(ToastContext);
}

export function ToastRoot({
  children,
  label,
  closeLabel,
}: {
  children: ReactNode;
  label: string;
  closeLabel: string;
}) {
  const [notes, setNotes] = useState<Note[]>([]);
  const next = useRef(1);
  const say = useCallback<Say>((text, more = {}) => {
    const note = { no: next.current++, text, bad: !!more.bad, action: more.action, ms: more.ms ?? 5000 };
    // What was said before makes room, unless something is wrong or can be undone.
    setNotes((old) => [...old.filter((n) => n.bad || n.action).slice(-2), note]);
  }, []);
  const drop = useCallback((no: number) => setNotes((old) => old.filter((n) => n.no !== no)), []);
  const stable = useMemo(() => say, [say]);
  return (
    <ToastContext.Provider value={stable}>
      <Radix.Provider swipeDirection="down" label={label}>
        {children}
        {notes.map((n) => (
          <Radix.Root
            key={n.no}
            duration={n.ms}
            onOpenChange={(open) => !open && drop(n.no)}
            className="flex min-h-11 items-center gap-2.5 rounded-large border border-line bg-raised ps-4 pe-2 py-1.5 shadow-3 anim-appear"
          >
            {n.bad ? <Icon name="alert" className="text-bad" /> : <Icon name="check" className="text-ok" />}
            <Radix.Description className="min-w-0 flex-1 font-medium">{n.text}</Radix.Description>
            {n.action ? (
              <Radix.Action
                altText={n.action.label}
                onClick={n.action.run}
                className="inline-flex h-7 items-center gap-2 rounded-small px-2 font-semibold text-brand-ink hover:bg-hover"
              >
                {n.action.label}
                {n.action.keys ? <Kbd keys={n.action.keys} /> : null}
              </Radix.Action>
            ) : null}
            <Radix.Close asChild>
              <IconButton icon="x" label={closeLabel} size="s" />
            </Radix.Close>
          </Radix.Root>
        ))}
        <Radix.Viewport
          className={cn(
            'fixed bottom-4 start-4 z-50 flex w-[min(400px,calc(100vw-32px))] flex-col gap-2',
            'phone:bottom-18',
          )}
        />
      </Radix.Provider>
    </ToastContext.Provider>
  );
}
