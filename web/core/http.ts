import { Problem } from './problem.ts';

export type Send = {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  query?: Record<string, string | number | undefined>;
  json?: unknown;
  form?: FormData;
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** The answer is a file, not JSON. */
  blob?: boolean;
  /** It was asked again after a proof: whoever is asked twice is not asked a third time. */
  proven?: boolean;
};

const base = '/api/v1';
const timeLimit = 30_000;
const fileLimit = 3_600_000;

let signedOut: () => void = () => {};
let language = '';
let skew = 0;
let timeMoved: () => void = () => {};

const askew = 90_000; // ms; below this the clocks of two machines agree

/** What time it is for the server: windows and terms end by its clock. */
export function serverNow(): number {
  return Date.now() + skew;
}

/** Sets what happens when the server turns out to live at another time. */
export function onTimeMoved(run: () => void): void {
  timeMoved = run;
}

function hearTime(res: Response): void {
  const told = Date.parse(res.headers.get('Date') ?? '');
  if (Number.isNaN(told)) return;
  const apart = told - Date.now();
  const before = skew;
  skew = Math.abs(apart) < askew ? 0 : apart;
  if (Math.abs(skew - before) > askew) timeMoved();
}

/** Sets what happens when the server no longer knows this session. */
export function onSignedOut(run: () => void): void {
  signedOut = run;
}

let prove: (() => Promise<boolean>) | undefined;
let proving: Promise<boolean> | undefined;

/**
 * Sets how a person shows once more who they are. An act that the server does
 * not do without that is asked for again once they did.
 */
export function onProof(run: (() => Promise<boolean>) | undefined): void {
  prove = run;
}

/** One question for all acts that wait for it. */
function proof(): Promise<boolean> {
  proving ??= (prove?.() ?? Promise.resolve(false)).finally(() => {
    proving = undefined;
  });
  return proving;
}

let held: (at: HeldAt) => void = () => {};

/** Where somebody goes whom the server lets do nothing else. */
export type HeldAt = '/second-step' | '/suspended' | '/closed';

/** Sets what happens when a sign-in is not finished, or its workspace is suspended or closed. */
export function onHeld(run: (at: HeldAt) => void): void {
  held = run;
}

/** Sets the language in which the server words what it says. */
export function askIn(tag: string): void {
  language = tag;
}

/** A random key for Idempotency-Key; works on plain http too, where randomUUID is missing. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

export function url(path: string, query: Send['query'] = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') params.set(key, String(value));
  }
  const text = params.toString();
  return base + path + (text ? `?${text}` : '');
}

async function readBody(res: Response): Promise<unknown> {
  if (res.status === 204) return undefined;
  const text = await res.text();
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's HTML error page, or an answer cut in the middle.
    throw new Problem(res.ok ? 0 : res.status, { code: 'unreadable', title: res.statusText });
  }
}

/** One call to the API. Throws a Problem; never anything else but an abort. */
export async function request<T>(path: string, send: Send = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: send.blob ? '*/*' : 'application/json' };
  if (language) headers['Accept-Language'] = language;
  let body: BodyInit | undefined;
  if (send.json !== undefined) {
    headers['Content-Type'] = 'application/json';
    body = JSON.stringify(send.json);
  } else if (send.form) {
    body = send.form;
  }
  if (send.idempotencyKey) headers['Idempotency-Key'] = send.idempotencyKey;
  const limit = AbortSignal.timeout(send.blob ? fileLimit : timeLimit);
  const signal = send.signal ? AbortSignal.any([send.signal, limit]) : limit;

  let res: Response;
  try {
    res = await fetch(url(path, send.query), {
      method: send.method ?? 'GET',
      headers,
      body,
      signal,
      credentials: 'same-origin',
      redirect: 'error',
    });
  } catch (err) {
    if (send.signal?.aborted) throw err;
    throw new Problem(0, { code: 'unreachable' });
  }
  hearTime(res);
  if (res.ok && send.blob) return (await res.blob()) as T;
  const data = await readBody(res);
  if (res.ok) return data as T;
  if (res.status === 401 && path !== '/session') signedOut();
  const wait = Number.parseInt(res.headers.get('Retry-After') ?? '', 10);
  const problem = new Problem(
    res.status,
    (data ?? {}) as Record<string, unknown>,
    Number.isFinite(wait) ? wait : 0,
  );
  if (problem.code === 'reauthentication_required' && !send.proven && (await proof())) {
    return request<T>(path, { ...send, proven: true });
  }
  if (problem.code === 'second_factor_required' || problem.code === 'enrol_factor') held('/second-step');
  if (problem.code === 'workspace_suspended') held('/suspended');
  if (problem.code === 'workspace_closed') held('/closed');
  throw problem;
}

/** Sends a file with progress from 0 to 1, which fetch cannot report. */
export function upload<T>(
  path: string,
  form: FormData,
  onProgress: (part: number) => void,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    signal?.addEventListener('abort', () => xhr.abort());
    xhr.onabort = () => reject(signal?.reason);
    xhr.open('POST', url(path));
    xhr.setRequestHeader('Accept', 'application/json');
    if (language) xhr.setRequestHeader('Accept-Language', language);
    xhr.upload.onprogress = (e) => {
      if (e.lengthComputable && e.total > 0) onProgress(e.loaded / e.total);
    };
    xhr.onerror = () => reject(new Problem(0, { code: 'unreachable' }));
    xhr.onload = () => {
      let body: unknown;
      try {
        body = xhr.responseText ? JSON.parse(xhr.responseText) : {};
      } catch {
        body = {};
      }
      if (xhr.status >= 200 && xhr.status < 300) return resolve(body as T);
      if (xhr.status === 401) signedOut();
      reject(new Problem(xhr.status, body as Record<string, unknown>));
    };
    xhr.send(form);
  });
}
