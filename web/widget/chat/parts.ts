import { waitFor } from '@core/stream.ts';
import type { Call } from './call.ts';
import type { Host } from './host.ts';
import type { Boot } from './wire.ts';

/** What a visit stands on; tests pass their own. */
export type Parts = {
  boot: Boot;
  call: Call;
  host: Host;
  locale: () => string;
  changed: () => void;
  fetch: typeof fetch;
  random: () => number;
  now: () => number;
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
};

export const browser = {
  fetch: ((...a) => fetch(...a)) as typeof fetch,
  random: Math.random,
  now: Date.now,
  wait: waitFor,
};
