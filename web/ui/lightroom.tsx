import { Dialog as RadixDialog } from 'radix-ui';
import type { KeyboardEvent, ReactNode } from 'react';
import { useReturn } from './layer.tsx';

/** A window as large as the page for one thing to look at. Esc closes it; the focus goes back where it was. */
export function Lightroom({
  label,
  onClose,
  onKeyDown,
  children,
}: {
  label: string;
  onClose: () => void;
  onKeyDown: (e: KeyboardEvent) => void;
  children: ReactNode;
}) {
  const { remember, giveBack } = useReturn();
  return (
    <RadixDialog.Root open onOpenChange={(o) => !o && onClose()}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className="fixed inset-0 z-40 bg-veil anim-fade" />
        <RadixDialog.Content
          aria-describedby={undefined}
          onOpenAutoFocus={remember}
          onCloseAutoFocus={giveBack}
          onKeyDown={onKeyDown}
          className="fixed inset-4 z-40 flex flex-col overflow-hidden rounded-large border border-line bg-raised shadow-3 anim-appear focus-visible:shadow-3 phone:inset-0 phone:rounded-none"
        >
          <RadixDialog.Title className="sr-only">{label}</RadixDialog.Title>
          {children}
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}
