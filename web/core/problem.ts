/** An error answer of the API (application/problem+json), or the lack of any answer. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  /** What happened, in the language asked for. */
  readonly title: string;
  /** More about it, in English. */
  readonly detail: string;
  readonly fields: Record<string, string>;
  /** Seconds to wait, from Retry-After; 0 when the server named none. */
  readonly retryAfter: number;
  readonly body: Record<string, unknown>;

  constructor(status: number, body: Record<string, unknown>, retryAfter = 0) {
    const text = (key: string) => (typeof body[key] === 'string' ? (body[key] as string) : '');
    super(text('detail') || text('title') || `HTTP ${status}`);
    this.name = 'Problem';
    this.status = status;
    this.code = text('code');
    this.title = text('title');
    this.detail = text('detail');
    this.retryAfter = retryAfter;
    this.body = body;
    this.fields = {};
    const errors = Array.isArray(body.errors) ? body.errors : [];
    for (const e of errors as { location?: string; message?: string }[]) {
      if (!e?.location) continue;
      this.fields[e.location.replace(/^body\.?/, '')] = e.message ?? '';
    }
  }

  /** True when no answer came: offline, server restarting, connection cut. */
  get unreachable(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

export function asProblem(err: unknown): Problem {
  if (err instanceof Problem) return err;
  return new Problem(0, { code: 'unreachable', detail: '' });
}
