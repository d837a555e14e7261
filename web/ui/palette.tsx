import { Command } from 'cmdk';
import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';
import { Kbd } from './kbd.tsx';
import { Overlay } from './layer.tsx';

/** A field, and under it everything one can do or go to. */
export function Palette({
  open,
  onClose,
  label,
  placeholder,
  query,
  onQuery,
  nothing,
  empty,
  children,
  foot,
  ownFilter,
}: {
  open: boolean;
  onClose: () => void;
  label: string;
  placeholder: string;
  query: string;
  onQuery: (text: string) => void;
  nothing: string;
  /** Nothing fits what was typed. */
  empty: boolean;
  children: ReactNode;
  /** Stands below the list and is no choice of it. */
  foot?: ReactNode;
  /** The list is filtered by whoever fills it. */
  ownFilter?: boolean;
}) {
  return (
    <Overlay open={open} onClose={onClose} label={label}>
      <Command label={label} loop shouldFilter={!ownFilter}>
        <div className="flex items-center gap-2.5 border-b border-line px-4">
          <Icon name="search" className="text-ink-3" />
          <Command.Input
            value={query}
            onValueChange={onQuery}
            placeholder={placeholder}
            className="h-12 flex-1 bg-transparent text-title outline-none focus-visible:shadow-none phone:text-[16px]"
          />
          <Kbd keys="esc" />
        </div>
        <Command.List aria-label={label} className="max-h-[56vh] overflow-auto p-2">
          {empty ? (
            <Command.Item disabled value="nothing" className="px-3 py-8 text-center text-ink-3">
              {nothing}
            </Command.Item>
          ) : null}
          {children}
        </Command.List>
      </Command>
      {foot}
    </Overlay>
  );
}

export function PaletteGroup({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={title}
      className="mb-1 [&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-[11.5px] [&_[cmdk-group-heading]]:weight-550 [&_[cmdk-group-heading]]:text-ink-3"
    >
      {children}
    </Command.Group>
  );
}

export function PaletteItem({
  value,
  icon,
  keys,
  hint,
  children,
  onSelect,
}: {
  value: string;
  icon: IconName;
  keys?: string;
  hint?: ReactNode;
  children: ReactNode;
  onSelect: () => void;
}) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex min-h-9 cursor-pointer items-center gap-2.5 rounded-small px-2 select-none data-[selected=true]:bg-hover phone:min-h-11"
    >
      <Icon name={icon} className="text-ink-3" />
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {hint ? <span className="max-w-60 truncate text-meta text-ink-3">{hint}</span> : null}
      {keys?.split(' ').map((k) => (
        <Kbd key={k} keys={k} />
      ))}
    </Command.Item>
  );
}
