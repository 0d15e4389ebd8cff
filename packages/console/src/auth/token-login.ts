import { Refusal } from '../api/problem.js';
import { loginBody } from '../api/session.js';
import { jsonBody } from '../http/body.js';
import { requireOwnWrite } from '../http/origin.js';
import { FailedAttempts } from './attempts.js';
import type { Identity } from './identity.js';
import { endedCookies, Sessions } from './sessions.js';
import { type TokenRecord, Tokens } from './tokens.js';

/** Identifies the caller, by a token in a header or by the cookie of a session that a token began. */
export class TokenLogin {
  readonly #tokens: Tokens;
  readonly #sessions = new Sessions();
  readonly #failed = new FailedAttempts();
  readonly #now: () => number;

  /** @throws InvalidOptionsError */
  constructor(records: readonly TokenRecord[], now: () => number = Date.now) {
    this.#tokens = new Tokens(records);
    this.#now = now;
  }

  /** @throws Refusal after too many attempts that failed. */
  identify(request: Request, address: string): Identity | null {
    const [, given] = /^bearer\s+(\S+)\s*$/i.exec(request.headers.get('authorization') ?? '') ?? [];
    if (given !== undefined) return this.#find(given, address);
    const token = this.#sessions.tokenOf(request, this.#now());
    return token === null ? null : this.#tokens.find(token, this.#now());
  }

  /** Begins a session, from the console's own page alone: a page of another origin logs no user in. @throws Refusal */
  async logIn(request: Request, address: string): Promise<Response> {
    requireOwnWrite(request);
    const body = loginBody.safeParse(await jsonBody(request));
    if (!body.success) throw new Refusal('BAD_REQUEST', 'body: give { "token": "…" }');
    const { token } = body.data;
    const identity = this.#find(token, address);
    if (!identity) throw new Refusal('UNAUTHENTICATED', 'this token is not known, or no longer valid');
    const cookie = this.#sessions.begin(request, token, isSecure(request), this.#now());
    return new Response(null, { status: 204, headers: { 'set-cookie': cookie } });
  }

  /** @throws Refusal */
  logOut(request: Request): Response {
    requireOwnWrite(request);
    this.#sessions.end(request);
    const headers = new Headers();
    for (const cookie of endedCookies()) headers.append('set-cookie', cookie);
    return new Response(null, { status: 204, headers });
  }

  #find(token: string, address: string): Identity | null {
    const now = this.#now();
    const wait = this.#failed.waitMs(address, now);
    if (wait > 0) {
      const seconds = Math.ceil(wait / 1_000);
      throw new Refusal('TOO_MANY_ATTEMPTS', `try again in ${seconds} s`, { 'retry-after': String(seconds) });
    }
    const identity = this.#tokens.find(token, now);
    if (!identity) this.#failed.add(address, now);
    return identity;
  }
}

/** Behind a proxy that ends TLS, the browser still says which origin the page is of. It can do harm to its own cookie alone. */
function isSecure(request: Request): boolean {
  return [request.url, request.headers.get('origin') ?? ''].some((url) => url.startsWith('https://'));
}
