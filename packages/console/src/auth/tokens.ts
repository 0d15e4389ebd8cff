import { createHash, randomBytes } from 'node:crypto';
import { InvalidOptionsError } from '@carillon/core';
import { z } from 'zod';
import { callerOf, identityShape } from './caller-of.js';
import type { Identity } from './identity.js';

/** The stored form of a token: its digest and its actor, with the rights. */
export interface TokenRecord extends Identity {
  /** `sha256:` and the digest of the token, in hexadecimal digits. */
  readonly hash: string;
  /** The instant at which it expires, with its offset; default: never. */
  readonly expires?: string | undefined;
}

/** 256 random bits: no dictionary has them, so a plain digest protects them. */
const BYTES = 32;
/** For people and for scanners of leaked secrets. */
const PREFIX = 'cct_';

const recordSchema = z.strictObject({
  ...identityShape,
  hash: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'is not a hash: `carillon console token` makes one'),
  expires: z.iso.datetime({ offset: true }).optional(),
});

/** Makes a token, which is shown once, and its record, which is stored. @throws InvalidOptionsError */
export function makeToken(of: Omit<TokenRecord, 'hash'>): { readonly token: string; readonly record: TokenRecord } {
  const token = `${PREFIX}${randomBytes(BYTES).toString('base64url')}`;
  const [record] = checkTokens([{ ...of, hash: hashOf(token) }]) as [TokenRecord];
  return { token, record };
}

/** The records of a file of tokens: a JSON object on each line that is not blank. @throws InvalidOptionsError */
export function readTokens(text: string): readonly TokenRecord[] {
  const lines = text.split('\n').map((line, index) => ({ line: line.trim(), number: index + 1 }));
  return lines.flatMap(({ line, number }) => {
    if (line === '') return [];
    try {
      return checkTokens([JSON.parse(line)]);
    } catch (error) {
      throw new InvalidOptionsError(`tokens, line ${number}: ${(error as Error).message}`, { cause: error });
    }
  });
}

/** @throws InvalidOptionsError */
function checkTokens(records: readonly unknown[]): readonly TokenRecord[] {
  return records.map((given) => {
    const result = recordSchema.safeParse(given);
    if (!result.success) {
      const why = result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim());
      throw new InvalidOptionsError(`a token: ${why.join('; ')}`);
    }
    try {
      callerOf(identityOf(result.data));
    } catch (error) {
      throw new InvalidOptionsError(`a token: it gives neither role nor rights, or no actor`, { cause: error });
    }
    return result.data;
  });
}

/** Valid tokens, found by their digests, so that the time of a comparison does not reveal how much of a token is right. */
export class Tokens {
  readonly #byHash: ReadonlyMap<string, TokenRecord>;

  /** @throws InvalidOptionsError */
  constructor(records: readonly TokenRecord[]) {
    this.#byHash = new Map(checkTokens(records).map((record) => [record.hash, record]));
  }

  /** Returns the caller of a token; null if it is unknown, or no longer valid. */
  find(token: string, now = Date.now()): Identity | null {
    const record = this.#byHash.get(hashOf(token));
    if (!record || (record.expires !== undefined && Date.parse(record.expires) <= now)) return null;
    return identityOf(record);
  }
}

function identityOf({ hash: _, expires: __, ...identity }: TokenRecord): Identity {
  return identity;
}

function hashOf(token: string): string {
  return `sha256:${createHash('sha256').update(token).digest('hex')}`;
}
