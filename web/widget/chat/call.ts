/** A call that the server, or the way to it, refused. status 0: it was not reached. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  /** Seconds the server asks to wait; 0 when it says nothing. */
  readonly wait: number;

  constructor(status: number, code = '', wait = 0) {
    super(code || `refused with ${status}`);
    this.status = status;
    this.code = code;
    this.wait = wait;
  }

  /** The same call may work later. */
  get passing(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }

  /** The visit's token is no longer good. */
  get over(): boolean {
    return this.status === 401;
  }
}

const timeLimit = 20_000;

export type Call = <T>(path: string, body: unknown, token?: string) => Promise<T>;

/** Posts JSON to one widget's routes. The token travels in a header, never in an address. */
export function caller(key: string, get: typeof fetch = (...a) => fetch(...a)): Call {
  const base = `/api/v1/widget/${encodeURIComponent(key)}/`;
  return async <T>(path: string, body: unknown, token?: string) => {
    const headers: Record<string, string> = {
      Accept: 'application/json',
      'Content-Type': 'application/json',
    };
    if (token) headers.Authorization = `Widget ${token}`;
    let res: Response;
    let text: string;
    try {
      res = await get(base + path, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
        credentials: 'omit',
        redirect: 'error',
        signal: AbortSignal.timeout(timeLimit),
      });
      text = await res.text();
    } catch {
      throw new Refused(0);
    }
    const data = read(text);
    if (res.ok && data !== undefined) return data as T;
    const code = String((data as { code?: unknown } | undefined)?.code ?? '');
    throw new Refused(res.ok ? 0 : res.status, code, Number(res.headers.get('Retry-After')) || 0);
  };
}

/** undefined when it is no JSON: a proxy's page, or an answer cut in the middle. */
function read(text: string): unknown {
  if (!text) return {};
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A random name; randomUUID is missing on plain http. */
export function randomName(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join(
    '',
  );
}
