import { createHash } from 'node:crypto';
import type { Dedupe, Job } from '@carillon/core';
import { Refusal } from './problem.js';
import type { Answer } from './route.js';

/** The prefix of keys from an `Idempotency-Key`. */
const OWN = 'http ';
/** How long an `Idempotency-Key` is kept. */
const KEY_HOLDS = '1d';
const MAX_KEY_LENGTH = 255;

/**
 * The revision that `If-Match` names; undefined means any.
 * @throws Refusal
 */
export function ifRevision(request: Request): number | undefined {
  const given = request.headers.get('if-match')?.trim();
  if (given === undefined || given === '*') return undefined;
  const [, revision] = /^"(\d{1,15})"$/.exec(given) ?? [];
  if (revision !== undefined) return Number(revision);
  throw new Refusal('PRECONDITION_FAILED', 'If-Match is not an ETag of a job: give the one from a GET of the job');
}

/** The header that says at which revision a job is. */
export function etagOf<T>({ revision }: Job<T>): NonNullable<Answer['headers']> {
  return revision === null ? {} : { etag: `"${revision}"` };
}

/**
 * Converts `Idempotency-Key` to `dedupe`; keys of different callers are different.
 * @throws Refusal
 */
export function dedupeOf(request: Request, actor: string, given?: unknown): Dedupe | undefined {
  const key = request.headers.get('idempotency-key');
  if (key === null) return ownDedupe(given as Dedupe | undefined);
  if (given !== undefined) throw new Refusal('BAD_REQUEST', 'give Idempotency-Key, or dedupe in the body, not both');
  if (key.length < 1 || key.length > MAX_KEY_LENGTH) {
    throw new Refusal('BAD_REQUEST', `Idempotency-Key has ${key.length} characters: give 1 to ${MAX_KEY_LENGTH}`);
  }
  const digest = createHash('sha256')
    .update(JSON.stringify([actor, key]))
    .digest('base64url');
  return { key: `${OWN}${digest}`, for: KEY_HOLDS };
}

/**
 * A key in a body must not be one that an `Idempotency-Key` makes: otherwise one caller could take the place of another one's run.
 * @throws Refusal
 */
function ownDedupe(given: Dedupe | undefined): Dedupe | undefined {
  if (!given?.key.startsWith(OWN)) return given;
  throw new Refusal('BAD_REQUEST', `body.dedupe.key: ${OWN}… is for keys of Idempotency-Key: give another one`);
}
