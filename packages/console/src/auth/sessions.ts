import { createHash, randomBytes } from 'node:crypto';

/** How long a session holds, whatever is done with it; and how many there are at most: the oldest goes. */
const SESSION_MS = 12 * 3_600_000;
const MOST_SESSIONS = 1_000;
/** Of one token: its holder ends no session of another one. */
const MOST_OF_ONE = 100;

/** Over https, a cookie that no other host and no other path can have set. */
const SECURE_NAME = '__Host-carillon';
const PLAIN_NAME = 'carillon';

interface Session {
  readonly token: string;
  readonly until: number;
  /** Under which name its cookie was set: it is taken under no other. */
  readonly cookie: string;
}

/** Sessions of people who logged in, in memory: by the digest of their ids. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();

  /**
   * Begins a session of a token, under an id of its own: one that was there before is ended. Returns the cookie.
   * @param isSecure the browser's connection is https.
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

  /** The oldest session goes where there are too many: of this token, or in all. */
  #makeRoom(token: string): void {
    const own = [...this.#sessions].filter(([, session]) => session.token === token).map(([id]) => id);
    const [oldest] = own.length >= MOST_OF_ONE ? own : this.#sessions.keys();
    const isFull = own.length >= MOST_OF_ONE || this.#sessions.size >= MOST_SESSIONS;
    if (isFull && oldest !== undefined) this.#sessions.delete(oldest);
  }

  /** The token of the request's session: what it may is looked up each time. null if it has none. */
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

/** Cookies that take the place of those of a session that ended. */
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
