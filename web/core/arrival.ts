import type { Offer, Schemas } from './types.ts';

type Finish = (json: Schemas['FinishBodyBody']) => Promise<Offer>;

/** What a sign-in at a provider sent the browser back with. */
export class Arrival {
  /** Why it ended without a code: the person said no, or something failed. */
  readonly refused: '' | 'denied' | 'failed';
  #ask: () => Promise<Offer>;
  #asked: Promise<Offer> | undefined;

  constructor(query: URLSearchParams, finish: Finish) {
    const code = query.get('code') ?? '';
    const state = query.get('state') ?? '';
    const denied = query.get('error') === 'access_denied';
    this.refused = denied ? 'denied' : code && state ? '' : 'failed';
    this.#ask = () => finish({ code, state });
  }

  /** What may be connected. However often it is asked, the code is spent once. */
  offer(): Promise<Offer> {
    this.#asked ??= this.#ask();
    return this.#asked;
  }
}

/** Takes a provider's answer out of the address, so that no history and no other page keeps it. */
export function takeArrival(
  at: Pick<Location, 'pathname' | 'search'>,
  history: Pick<History, 'replaceState' | 'state'>,
  finish: Finish,
): Arrival | null {
  if (at.pathname !== '/channels/connected' || !at.search) return null;
  const query = new URLSearchParams(at.search);
  history.replaceState(history.state, '', at.pathname);
  return new Arrival(query, finish);
}
