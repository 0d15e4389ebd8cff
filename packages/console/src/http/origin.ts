import { Refusal } from '../api/problem.js';

/**
 * A write comes from a program with a token, or from a page of the console's own origin. A page of another origin cannot set
 * `Authorization` without a preflight, which is never allowed, and cannot set `Sec-Fetch-Site` at all. Browsers send `Basic` by themselves:
 * it proves nothing.
 * @throws Refusal
 */
export function requireOwnWrite(request: Request): void {
  const { headers } = request;
  const site = headers.get('sec-fetch-site');
  const hasToken = /^bearer\s/i.test(headers.get('authorization') ?? '');
  const isOwn = site === 'same-origin' || (hasToken && (site === null || site === 'none'));
  if (!isOwn) {
    throw new Refusal(
      'CROSS_SITE',
      'a write needs a token (Authorization: Bearer …), or the header Sec-Fetch-Site: same-origin, which browsers send over https and on localhost',
    );
  }
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/json') return;
  throw new Refusal(
    'UNSUPPORTED_MEDIA_TYPE',
    'a write needs Content-Type: application/json, also where it has no body',
  );
}
