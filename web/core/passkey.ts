/**
 * What the server and the browser's keeper of passkeys say to one another.
 * The server speaks JSON with bytes in base64url; older browsers take bytes only.
 */

type Json = Record<string, unknown>;

export function toBytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(plain, (c) => c.charCodeAt(0));
}

export function fromBytes(bytes: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** True where this browser can keep and show passkeys: they belong to a name, never to an IP address. */
export const passkeysHere = (): boolean =>
  'PublicKeyCredential' in window &&
  window.isSecureContext &&
  !/^(\d+(\.\d+){3}|\[.*\])$/.test(window.location.hostname);

/** The person said no, took too long, or the keeper has none for this place. */
export class NoPasskey extends Error {}

const list = (named: unknown) =>
  (Array.isArray(named) ? named : []).map((c: Json) => ({ ...c, id: toBytes(String(c.id)) }));

async function ask(run: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const got = await run();
    if (got instanceof PublicKeyCredential) return got;
  } catch (err) {
    throw new NoPasskey(err instanceof Error ? err.name : '');
  }
  throw new NoPasskey();
}

const common = (got: PublicKeyCredential) => ({
  id: got.id,
  rawId: fromBytes(got.rawId),
  type: got.type,
  authenticatorAttachment: got.authenticatorAttachment ?? undefined,
  clientExtensionResults: got.getClientExtensionResults(),
});

/** Makes a passkey as the server wishes; gives what the server is told of it. */
export async function makePasskey(options: Json, signal?: AbortSignal): Promise<Json> {
  const o = options as Json & { user: Json };
  const publicKey = {
    ...o,
    challenge: toBytes(String(o.challenge)),
    user: { ...o.user, id: toBytes(String(o.user.id)) },
    excludeCredentials: list(o.excludeCredentials),
  } as unknown as PublicKeyCredentialCreationOptions;
  const got = await ask(() => navigator.credentials.create({ publicKey, signal }));
  const answer = got.response as AuthenticatorAttestationResponse;
  return {
    ...common(got),
    response: {
      attestationObject: fromBytes(answer.attestationObject),
      clientDataJSON: fromBytes(answer.clientDataJSON),
      transports: answer.getTransports?.() ?? [],
    },
  };
}

/** Shows a passkey to the server that asked for it. */
export async function showPasskey(options: Json, signal?: AbortSignal): Promise<Json> {
  const publicKey = {
    ...options,
    challenge: toBytes(String(options.challenge)),
    allowCredentials: list(options.allowCredentials),
  } as unknown as PublicKeyCredentialRequestOptions;
  const got = await ask(() => navigator.credentials.get({ publicKey, signal }));
  const answer = got.response as AuthenticatorAssertionResponse;
  return {
    ...common(got),
    response: {
      authenticatorData: fromBytes(answer.authenticatorData),
      clientDataJSON: fromBytes(answer.clientDataJSON),
      signature: fromBytes(answer.signature),
      userHandle: answer.userHandle ? fromBytes(answer.userHandle) : undefined,
    },
  };
}
