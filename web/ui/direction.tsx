import { Direction } from 'radix-ui';
import { type ReactNode, useSyncExternalStore } from 'react';

function watch(run: () => void): () => void {
  const observer = new MutationObserver(run);
  observer.observe(document.documentElement, { attributeFilter: ['dir'] });
  return () => observer.disconnect();
}

/** Gives the page's direction to every part: without it, vendor parts take left to right. */
export function DirectionRoot({ children }: { children: ReactNode }) {
  const dir = useSyncExternalStore(watch, () => (document.documentElement.dir === 'rtl' ? 'rtl' : 'ltr'));
  return <Direction.Provider dir={dir}>{children}</Direction.Provider>;
}
