import { request } from './http.ts';
import { makePasskey, showPasskey } from './passkey.ts';
import type { Factor, Me, NewTotp, Schemas } from './types.ts';

type Signal = { signal?: AbortSignal };
type Added = Schemas['AddedFactor'];
type Ask = Schemas['PasskeyAsk'];
const id = encodeURIComponent;
const path = '/factors';

/** What somebody shows to prove who they are. */
export type Shown = { way: 'passkey' | 'code' | 'recovery' | 'password'; text: string };

const names = { passkey: 'passkey', code: 'code', recovery: 'recovery_code', password: 'password' } as const;

async function said({ way, text }: Shown): Promise<Record<string, unknown>> {
  if (way === 'passkey') return { passkey: await shown('/session/factor/options') };
  return { [names[way]]: way === 'password' ? text : text.replace(/\s/g, '') };
}

/** Asks the browser for a passkey that the server names, or for any that it knows. */
async function shown(options: string): Promise<Record<string, unknown>> {
  const ask = await request<Ask>(options, { method: 'POST' });
  return showPasskey(ask.public_key as Record<string, unknown>);
}

/** The ways to prove who one is. */
export const proofs = {
  /** Passes the second step of a sign-in. */
  step: async (s: Shown) => request<Me>('/session/factor', { method: 'POST', json: await said(s) }),
  /** Proves it once more, for acts that ask for it. */
  again: async (s: Shown) => request<Me>('/session/proof', { method: 'POST', json: await said(s) }),
  /** Signs in with nothing typed. */
  signIn: async () =>
    request<Me>('/session/passkey', {
      method: 'POST',
      json: { passkey: await shown('/session/passkey/options') },
    }),
};

/** One's own second factors. */
export const factors = {
  list: (o: Signal = {}) => request<Schemas['Factors']>(path, o),
  beginTotp: () => request<NewTotp>(`${path}/totp`, { method: 'POST' }),
  /** The first factor comes with recovery codes, the others with none. */
  confirmTotp: (begun: NewTotp, name: string, code: string) =>
    request<Added>(`${path}/totp/confirm`, { method: 'POST', json: { token: begun.token, name, code } }),
  addPasskey: async (name: string) => {
    const ask = await request<Ask>(`${path}/passkeys/options`, { method: 'POST' });
    const passkey = await makePasskey(ask.public_key as Record<string, unknown>);
    return request<Added>(`${path}/passkeys`, { method: 'POST', json: { name, passkey } });
  },
  rename: (f: Factor['id'], name: string) =>
    request<void>(`${path}/${id(f)}`, { method: 'PATCH', json: { name } }),
  remove: (f: Factor['id']) => request<void>(`${path}/${id(f)}`, { method: 'DELETE' }),
  newCodes: () => request<Schemas['RecoveryCodes']>('/recovery-codes', { method: 'POST' }),
  /** Takes every factor from a member who lost them. */
  reset: (member: string) => request<void>(`/members/${id(member)}/factors`, { method: 'DELETE' }),
};

/** Of whom a second factor is demanded. */
export const demand = {
  get: (o: Signal = {}) => request<Schemas['SecondFactor']>('/workspace/second-factor', o),
  set: (to: Schemas['SecondFactor']['demand']) =>
    request<Schemas['SecondFactor']>('/workspace/second-factor', { method: 'PUT', json: { demand: to } }),
};
