import { onTimeMoved, serverNow } from '@core/http.ts';
import { useCallback, useMemo, useRef, useSyncExternalStore } from 'react';

/** One value that components can watch. */
export class Box<T> {
  private value: T;
  private readonly watchers = new Set<() => void>();

  constructor(start: T) {
    this.value = start;
  }

  readonly get = (): T => this.value;

  set(value: T): void {
    if (Object.is(value, this.value)) return;
    this.value = value;
    for (const run of this.watchers) run();
  }

  readonly subscribe = (run: () => void): (() => void) => {
    this.watchers.add(run);
    return () => this.watchers.delete(run);
  };
}

export function useBox<T>(box: Box<T>): T {
  return useSyncExternalStore(box.subscribe, box.get);
}

const clock = new Box(serverNow());
onTimeMoved(() => clock.set(serverNow()));
const tick = 30_000;
let watching = 0;
let timer: ReturnType<typeof setInterval> | undefined;

function listen(run: () => void): () => void {
  // One timer for everybody, and none while nobody looks.
  if (watching++ === 0) timer = setInterval(() => clock.set(serverNow()), tick);
  const off = clock.subscribe(run);
  return () => {
    off();
    if (--watching === 0) clearInterval(timer);
  };
}

/** The time, moving twice a minute: fine enough for "2m ago". */
export function useNow(): Date {
  const ms = useSyncExternalStore(listen, clock.get);
  return useMemo(() => new Date(ms), [ms]);
}

/** A function that stays the same for its receivers and always runs the newest version. */
export function useSteady<A extends unknown[], R>(run: (...args: A) => R): (...args: A) => R {
  const now = useRef(run);
  now.current = run;
  return useCallback((...args: A) => now.current(...args), []);
}
