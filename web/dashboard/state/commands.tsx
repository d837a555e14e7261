import type { IconName } from '@ui';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef } from 'react';
import { useKeys } from './keyboard.tsx';

export type Group = 'conversation' | 'go' | 'app';
export type Command = {
  id: string;
  group: Group;
  label: string;
  icon: IconName;
  /** Shortcuts; the first is the one shown. */
  keys?: string[];
  run: () => void;
};

type Layer = { current: Command[] };
const CommandsContext = createContext<Set<Layer> | null>(null);

export function CommandsRoot({ children }: { children: ReactNode }) {
  const layers = useMemo(() => new Set<Layer>(), []);
  return <CommandsContext value={layers}>{children}</CommandsContext>;
}

/** What one can do here: by key, and by name in the palette. */
export function useCommands(commands: Command[]): void {
  const layers = useContext(CommandsContext);
  const now = useRef(commands);
  now.current = commands;
  useEffect(() => {
    layers?.add(now);
    return () => void layers?.delete(now);
  }, [layers]);
  useKeys(Object.fromEntries(commands.flatMap((c) => (c.keys ?? []).map((k) => [k, c.run]))));
}

export function useAllCommands(): () => Command[] {
  const layers = useContext(CommandsContext);
  return () => [...(layers ?? [])].flatMap((l) => l.current);
}
