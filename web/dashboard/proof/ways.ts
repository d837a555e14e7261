import { factors } from '@core/factors.ts';
import { key } from '@core/merge.ts';
import type { Schemas } from '@core/types.ts';
import type { Way } from './form.tsx';

/** One's second factors; they change only by one's own hand. */
export const factorQuery = {
  queryKey: key.factors,
  queryFn: ({ signal }: { signal: AbortSignal }) => factors.list({ signal }),
  staleTime: 0,
};

/** What somebody can show who has these factors, the strongest first. */
export function waysOf(has: Schemas['Factors']): Way[] {
  const kinds = has.items.map((f) => f.kind);
  return [
    ...(kinds.includes('passkey') ? (['passkey'] as const) : []),
    ...(kinds.includes('totp') ? (['code'] as const) : []),
  ];
}
