import { useSyncExternalStore } from 'react';

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

const clock = new Box(Date.now());
const tick = 30_000;
let watching = 0;
let timer: ReturnType<typeof setInterval> | undefined;

function listen(run: () => void): () => void {
  // One timer for everybody, and none while nobody looks.
  if (watching++ === 0) timer = setInterval(() => clock.set(Date.now()), tick);
  const off = clock.subscribe(run);
  return () => {
    off();
    if (--watching === 0) clearInterval(timer);
  };
}

/** The time, moving twice a minute: fine enough for "2m ago". */
export function useNow(): Date {
  return new Date(useSyncExternalStore(listen, clock.get));
}
