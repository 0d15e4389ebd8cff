import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Refusal } from './problem.js';
import type { Answer } from './route.js';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Cursors for callers who are limited to tags: a cursor names the object at which a page ended, and that may be one that the caller must not
 * see. The key is of this console: another one does not take its cursors.
 */
export class SealedCursors {
  readonly #key = randomBytes(32);

  /** The answer, with its cursor sealed where it has one. */
  sealed(answer: Answer): Answer {
    const { cursor } = (answer.body ?? {}) as { readonly cursor?: unknown };
    return typeof cursor === 'string' ? { ...answer, body: { ...answer.body, cursor: this.#seal(cursor) } } : answer;
  }

  /**
   * The query, with its cursor as it was before it was sealed.
   * @throws Refusal
   */
  opened(query: unknown): unknown {
    const { cursor } = (query ?? {}) as { readonly cursor?: unknown };
    return typeof cursor === 'string' ? { ...(query as object), cursor: this.#open(cursor) } : query;
  }

  #seal(cursor: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce);
    const hidden = Buffer.concat([cipher.update(cursor), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), hidden]).toString('base64url');
  }

  #open(sealed: string): string {
    const bytes = Buffer.from(sealed, 'base64url');
    const [nonce, rest] = [bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES)];
    try {
      const decipher = createDecipheriv(CIPHER, this.#key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAuthTag(rest.subarray(0, TAG_BYTES));
      return Buffer.concat([decipher.update(rest.subarray(TAG_BYTES)), decipher.final()]).toString();
    } catch {
      throw new Refusal('BAD_REQUEST', 'query.cursor: was not given by this console: begin with the first page');
    }
  }
}
