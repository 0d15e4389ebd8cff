import { createHash, randomBytes } from 'node:crypto';

/** How long a session lasts, whether or not it is used; and the most sessions, beyond which the oldest is ended. */
const SESSION_MS = 12 * 3_600_000;
const MOST_SESSIONS = 1_000;
/** The most sessions of one token, so that its holder cannot end sessions of other tokens. */
const MOST_OF_ONE = 100;

/** Over https, a cookie that no other host and no other path can have set. */
const SECURE_NAME = '__Host-carillon';
const PLAIN_NAME = 'carillon';

interface Session {
  readonly token: string;
  readonly until: number;
  /** The name under which its cookie was set; it is not accepted under another name. */
  readonly cookie: string;
}

/** Sessions of people who logged in, in memory: by the digest of their ids. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();

  /**
   * Begins a session of a token with a new id, and ends the session that the request had. Returns the cookie.
   * @param isSecure whether the browser's connection is https
   */
  begin(request: Request, token: string, isSecure: boolean, now: number): string {
    this.end(request);
    for (const [id, { until }] of this.#sessions) if (until <= now) this.#sessions.delete(id);
    this.#makeRoom(token);
    const id = randomBytes(32).toString('base64url');
    const cookie = isSecure ? SECURE_NAME : PLAIN_NAME;
    this.#sessions.set(digestOf(id), { token, until: now + SESSION_MS, cookie });
    const secure = isSecure ? '; Secure' : '';
    return `${cookie}=${id}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${SESSION_MS / 1_000}${secure}`;
  }

  /** Ends the oldest session if there are too many, of this token or in total. */
  #makeRoom(token: string): void {
    const own = [...this.#sessions].filter(([, session]) => session.token === token).map(([id]) => id);
    const [oldest] = own.length >= MOST_OF_ONE ? own : this.#sessions.keys();
    const isFull = own.length >= MOST_OF_ONE || this.#sessions.size >= MOST_SESSIONS;
    if (isFull && oldest !== undefined) this.#sessions.delete(oldest);
  }

  /** Returns the token of the request's session; null if it has none. The rights of the token are looked up each time. */
  tokenOf(request: Request, now: number): string | null {
    for (const { name, digest } of cookiesOf(request)) {
      const session = this.#sessions.get(digest);
      if (session?.cookie === name && session.until > now) return session.token;
    }
    return null;
  }

  /** Ends the request's sessions. */
  end(request: Request): void {
    for (const { digest } of cookiesOf(request)) this.#sessions.delete(digest);
  }
}

/** Cookies that replace those of an ended session. */
export function endedCookies(): readonly string[] {
  return [SECURE_NAME, PLAIN_NAME].map((name) => {
    const secure = name === SECURE_NAME ? '; Secure' : '';
    return `${name}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0${secure}`;
  });
}

function cookiesOf(request: Request): readonly { readonly name: string; readonly digest: string }[] {
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.flatMap(([name = '', id = '']) =>
    (name === SECURE_NAME || name === PLAIN_NAME) && id !== '' ? [{ name, digest: digestOf(id) }] : [],
  );
}

function digestOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
