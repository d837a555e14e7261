import {
  cloneElement,
  type ReactElement,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { Kbd } from './kbd.tsx';

const patience = 400; // ms a pointer rests before the tip comes
const grace = 120; // ms to cross from the button to its tip
const gap = 6;

/** Words about a button that shows none. Everything a tip says is in the button's name as well. */
export function Tooltip({ text, keys, children }: { text: string; keys?: string; children: ReactElement }) {
  return cloneElement(children as ReactElement<Record<string, unknown>>, {
    'data-tip': text,
    'data-tip-keys': keys,
  });
}

type Tip = { on: HTMLElement; text: string; keys: string };

function tipOf(target: EventTarget | null): Tip | null {
  const on = target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null;
  return on?.dataset.tip ? { on, text: on.dataset.tip, keys: on.dataset.tipKeys ?? '' } : null;
}

/** One tip for the whole page: a button need carry no more than its words. */
export function TooltipRoot({ children }: { children: ReactNode }) {
  const [tip, setTip] = useState<Tip | null>(null);
  const layer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = (ms: number, next: Tip | null) => {
      clearTimeout(timer);
      timer = setTimeout(() => setTip(next), ms);
    };
    const hide = () => later(0, null);
    const over = (e: PointerEvent) => {
      if (e.pointerType === 'touch') return;
      if (layer.current?.contains(e.target as Node)) return clearTimeout(timer);
      const next = tipOf(e.target);
      later(next ? patience : grace, next);
    };
    const focus = (e: FocusEvent) => {
      const next = tipOf(e.target);
      if (next?.on.matches(':focus-visible')) later(0, next);
      else hide();
    };
    const key = (e: KeyboardEvent) => {
      if (e.key === 'Escape') hide();
    };
    const stop = new AbortController();
    const { signal } = stop;
    document.addEventListener('pointerover', over, { signal });
    document.addEventListener('focusin', focus, { signal });
    document.addEventListener('pointerdown', hide, { signal, capture: true });
    document.addEventListener('keydown', key, { signal });
    document.addEventListener('scroll', hide, { signal, capture: true });
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, []);
  useLayoutEffect(() => {
    const el = layer.current;
    if (!el || !tip) return;
    // The button may have gone while its tip was on the way.
    const at = tip.on.getBoundingClientRect();
    const fits = at.top - el.offsetHeight - gap > 0;
    const left = at.left + at.width / 2 - el.offsetWidth / 2;
    el.style.left = `${Math.max(8, Math.min(left, window.innerWidth - el.offsetWidth - 8))}px`;
    el.style.top = `${fits ? at.top - el.offsetHeight - gap : at.bottom + gap}px`;
  }, [tip]);
  return (
    <>
      {children}
      {tip?.on.isConnected ? (
        <div
          ref={layer}
          aria-hidden="true"
          className="fixed z-60 flex max-w-64 items-center gap-2 rounded-small bg-ink px-2 py-1 text-meta font-medium text-surface anim-fade"
        >
          {tip.text}
          {tip.keys ? <Kbd keys={tip.keys} on /> : null}
        </div>
      ) : null}
    </>
  );
}
