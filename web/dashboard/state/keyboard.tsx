import { type Bindings, Keys } from '@core/keys.ts';
import { createContext, type ReactNode, useContext, useEffect, useRef } from 'react';
import { usePrefs } from './prefs.tsx';

const KeysContext = createContext<Keys | null>(null);

/** A dialog or menu is open: what lies under it hears nothing. */
function covered(): boolean {
  return document.querySelector('[role=dialog][data-state=open],[role=menu][data-state=open]') !== null;
}

export function KeysRoot({ children }: { children: ReactNode }) {
  const { prefs } = usePrefs();
  const keys = useRef<Keys | null>(null);
  keys.current ??= new Keys();
  keys.current.plain = prefs.shortcuts;
  useEffect(() => {
    const hear = (e: KeyboardEvent) => keys.current?.hear(e, performance.now(), covered());
    window.addEventListener('keydown', hear);
    return () => window.removeEventListener('keydown', hear);
  }, []);
  return <KeysContext value={keys.current}>{children}</KeysContext>;
}

/** Puts shortcuts in force while the component is shown. */
export function useKeys(bindings: Bindings, on = true): void {
  const keys = useContext(KeysContext);
  const now = useRef(bindings);
  now.current = bindings;
  const names = Object.keys(bindings).join(' | ');
  useEffect(() => {
    if (!keys || !on) return;
    const layer: Bindings = {};
    for (const name of names.split(' | ')) layer[name] = (e) => now.current[name]?.(e);
    return keys.add(layer);
  }, [keys, names, on]);
}
