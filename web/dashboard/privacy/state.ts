import { type Case, cases } from '@core/cases.ts';
import type { TextKey } from '@core/i18n/translate.ts';
import type { Tone } from '@ui/chip.tsx';

/** Of demands of authorities. */
export const demandsKey = ['demands'] as const;
/** Of what is owed to data protection. */
export const dutiesKey = ['duties'] as const;
/** Of how long what is kept. */
export const keptKey = ['kept'] as const;
/** Of who is kept from erasure. */
export const holdsKey = ['holds'] as const;
export const casesKey = ['cases'] as const;
const fresh = { staleTime: 0 }; // no event tells of a case: whoever looks wants to see how it is now

export const formsQuery = {
  queryKey: [...casesKey, 'forms'],
  queryFn: ({ signal }: { signal: AbortSignal }) => cases.forms({ signal }),
};
export const figuresQuery = {
  queryKey: [...casesKey, 'figures'],
  queryFn: ({ signal }: { signal: AbortSignal }) => cases.figures({ signal }),
  ...fresh,
};
export const caseQuery = (id: string) => ({
  queryKey: [...casesKey, 'one', id],
  queryFn: ({ signal }: { signal: AbortSignal }) => cases.get(id, { signal }),
  ...fresh,
});

export const waits = (c: Case) => ['received', 'proving', 'open', 'working'].includes(c.state);

const tones: Partial<Record<string, Tone>> = {
  received: 'warn',
  proving: 'warn',
  open: 'brand',
  working: 'brand',
  answered: 'ok',
  done: 'ok',
  refused: 'bad',
};
export const toneOf = (c: Case): Tone => tones[c.state] ?? 'plain';
export const stateText = (c: Case) => `request.state.${c.state}` as TextKey;

/** Whether an id names something. */
export const isId = (id: string) => id !== '' && id !== '0';

/** Whole days until a case must be answered; negative when that is over. */
export const daysLeft = (c: Case, now: Date) =>
  Math.floor((Date.parse(c.due_at) - now.getTime()) / 86_400_000);
