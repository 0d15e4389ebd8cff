import { loggedOut } from '../session';

/** An error response: RFC 9457, with the codes of the API. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

export interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Sent as JSON; a write without one sends `{}`. */
  readonly body?: object;
  /** Only if the object still is at this revision: `If-Match`. */
  readonly revision?: number | null;
  /** A write that is sent again under the same key does nothing more. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Calls the API, by a relative URL. Where no user is logged in any more, the login form replaces the page.
 * @throws ProblemError
 */
export async function call<T>(
  path: string,
  { method = 'GET', body, revision, idempotencyKey, signal }: CallOptions = {},
): Promise<T> {
  const response = await fetch(path, {
    method,
    headers: {
      ...(method !== 'GET' && { 'content-type': 'application/json' }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      ...(typeof revision === 'number' && { 'if-match': `"${revision}"` }),
    },
    ...(method !== 'GET' && { body: JSON.stringify(body ?? {}) }),
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ProblemError(0, 'NOT_REACHED', 'The console does not answer. Check that it runs, and your network.');
  });
  if (response.ok) return (response.status === 204 ? null : await response.json()) as T;
  const problem = (await response.json().catch(() => ({}))) as { code?: string; detail?: string };
  if (response.status === 401 && path !== 'v1/session') loggedOut();
  throw new ProblemError(response.status, problem.code ?? 'UNKNOWN', problem.detail ?? `HTTP ${response.status}`);
}

/** A path of the API below a job store: `inStore('default', 'jobs', id, 'fires')`. */
export function inStore(store: string, ...parts: readonly string[]): string {
  return ['v1/stores', ...[store, ...parts].map(encodeURIComponent)].join('/');
}

/** A query of those that have a value: with its question mark, or nothing. */
export function queryOf(values: Readonly<Record<string, string | number | null | undefined>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}
