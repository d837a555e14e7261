import { Popover as Radix } from 'radix-ui';
import type { PopoverProps } from './popover.tsx';

export default function PopoverLayer({ trigger, label, children }: PopoverProps) {
  return (
    <Radix.Root defaultOpen>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          sideOffset={6}
          collisionPadding={12}
          className="z-50 w-[min(340px,calc(100vw-24px))] rounded-large border border-line bg-raised p-4 shadow-3 anim-appear"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
