import { Dialog as RadixDialog } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import { cn } from './cn.ts';
import { Icon } from './icon.tsx';

const focusable = 'input:not([type=hidden]), select, textarea, button, a[href]';
const veil = 'fixed inset-0 z-40 bg-veil anim-fade';

const widths = {
  plain: 'w-[min(calc(100vw-24px),480px)]',
  wide: 'w-[min(calc(100vw-24px),680px)]',
  table: 'w-[min(calc(100vw-24px),920px)]',
};

/** Gives the focus back where it was before a window opened, unless somebody has taken it meanwhile. */
export function useReturn() {
  const before = useRef<Element | null>(null);
  return {
    remember: () => {
      before.current = document.activeElement;
    },
    giveBack: (e: Event) => {
      e.preventDefault();
      const taken = document.activeElement && document.activeElement !== document.body;
      if (!taken && before.current instanceof HTMLElement) before.current.focus();
    },
  };
}

/** A window over the page. Esc and a click beside it close it; focus goes back where it came from. */
export function Dialog({
  open,
  onClose,
  title,
  text,
  closeLabel,
  children,
  actions,
  wide,
  side,
  reading,
}: {
  open: boolean;
  onClose: () => void;
  title: string;
  text?: ReactNode;
  closeLabel: string;
  children?: ReactNode;
  actions?: ReactNode;
  /** `table`: as wide as the page allows. */
  wide?: boolean | 'table';
  /** Comes in from the end side, full height. */
  side?: boolean;
  /** Nothing in it can be pressed: its text itself takes the keys that scroll. */
  reading?: boolean;
}) {
  const body = useRef<HTMLDivElement>(null);
  const { remember, giveBack } = useReturn();
  // The first thing to fill in, not the button that closes.
  const focusFirst = (e: Event) => {
    remember();
    const first = reading ? body.current : body.current?.querySelector<HTMLElement>(focusable);
    if (!first) return;
    e.preventDefault();
    first.focus();
  };
  return (
    <RadixDialog.Root open={open} onOpenChange={(o) => !o && onClose()}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className={veil} />
        <RadixDialog.Content
          onOpenAutoFocus={focusFirst}
          onCloseAutoFocus={giveBack}
          {...(text ? {} : { 'aria-describedby': undefined })}
          className={cn(
            'fixed z-40 flex flex-col bg-raised shadow-3 anim-appear focus-visible:shadow-3',
            side
              ? 'inset-y-0 end-0 w-[min(340px,100vw)] border-s border-line'
              : 'inset-x-0 top-[10vh] mx-auto max-h-[80vh] rounded-large border border-line',
            !side && widths[wide === 'table' ? 'table' : wide ? 'wide' : 'plain'],
          )}
        >
          <header className="flex items-center gap-2 px-5 pt-4 pb-1">
            <RadixDialog.Title className="min-w-0 flex-1 text-title weight-650">{title}</RadixDialog.Title>
            <RadixDialog.Close
              aria-label={closeLabel}
              className="grid size-7 place-items-center rounded-medium text-ink-2 hover:bg-hover hover:text-ink phone:size-9"
            >
              <Icon name="x" />
            </RadixDialog.Close>
          </header>
          {text ? (
            <RadixDialog.Description className="px-5 text-ink-3">{text}</RadixDialog.Description>
          ) : null}
          <div
            ref={body}
            {...(reading ? { tabIndex: 0, role: 'group', 'aria-label': title } : {})}
            className="ring-inner min-h-0 flex-1 overflow-auto px-5 pt-3 pb-5"
          >
            {children}
          </div>
          {actions ? (
            <footer className="flex justify-end gap-2 border-t border-line px-5 py-3">{actions}</footer>
          ) : null}
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}

/** A bare window for the palette: no header, the first field has the focus. */
export function Overlay({
  open,
  onClose,
  label,
  children,
}: {
  open: boolean;
  onClose: () => void;
  label: string;
  children: ReactNode;
}) {
  const { remember, giveBack } = useReturn();
  return (
    <RadixDialog.Root open={open} onOpenChange={(o) => !o && onClose()}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className={veil} />
        <RadixDialog.Content
          aria-describedby={undefined}
          onOpenAutoFocus={remember}
          onCloseAutoFocus={giveBack}
          className="fixed inset-x-0 top-[12vh] z-40 mx-auto w-[min(calc(100vw-24px),580px)] overflow-hidden rounded-large border border-line bg-raised shadow-3 anim-appear"
        >
          <RadixDialog.Title className="sr-only">{label}</RadixDialog.Title>
          {children}
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}
