import { DropdownMenu } from 'radix-ui';
import { Icon } from './icon.tsx';
import { Kbd } from './kbd.tsx';
import type { MenuProps } from './menu.tsx';

export default function MenuLayer({ trigger, label, entries }: MenuProps) {
  return (
    <DropdownMenu.Root defaultOpen>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          aria-label={label}
          align="end"
          sideOffset={6}
          collisionPadding={8}
          className="z-50 min-w-52 rounded-large border border-line bg-raised p-1 shadow-3 anim-appear"
        >
          {entries.map((e) =>
            e === 'line' ? (
              <DropdownMenu.Separator key="line" className="mx-2 my-1 h-px bg-line" />
            ) : (
              <DropdownMenu.Item
                key={e.label}
                onSelect={e.run}
                className="flex h-8 cursor-pointer items-center gap-2.5 rounded-small px-2 outline-none select-none data-[highlighted]:bg-hover focus-visible:shadow-none phone:h-11"
              >
                <Icon name={e.icon} className="text-ink-3" />
                <span className="flex-1">{e.label}</span>
                {e.keys ? <Kbd keys={e.keys} /> : null}
              </DropdownMenu.Item>
            ),
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
