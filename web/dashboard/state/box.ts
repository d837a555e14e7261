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
let ticking: ReturnType<typeof setInterval> | undefined;

/** The time, moving twice a minute: fine enough for "2m ago". */
export function useNow(): Date {
  const ms = useSyncExternalStore((run) => {
    ticking ??= setInterval(() => clock.set(Date.now()), 30_000);
    return clock.subscribe(run);
  }, clock.get);
  return new Date(ms);
}
