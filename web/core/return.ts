/** What an account provider sent the browser back with. */
export type Return = {
  way: string;
  state: string;
  code: string;
  iss: string;
  /** Why there is nothing to spend: the person said no, or something failed. */
  refused: '' | 'denied' | 'failed';
};

/** Takes a provider's answer out of the address, so that no history and no other page keeps it. */
export function takeReturn(
  at: Pick<Location, 'pathname' | 'search'>,
  history: Pick<History, 'replaceState' | 'state'>,
): Return | null {
  const way = /^\/sign-in\/([a-z0-9-]{1,20})$/.exec(at.pathname)?.[1];
  if (!way) return null;
  const query = new URLSearchParams(at.search);
  if (at.search) history.replaceState(history.state, '', at.pathname);
  const text = (name: string) => query.get(name) ?? '';
  const { state, code, iss } = { state: text('state'), code: text('code'), iss: text('iss') };
  const denied = text('error') === 'access_denied';
  return { way, state, code, iss, refused: denied ? 'denied' : state && code ? '' : 'failed' };
}
