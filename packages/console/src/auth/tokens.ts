import { createHash, randomBytes } from 'node:crypto';
import { InvalidOptionsError } from '@carillon/core';
import { z } from 'zod';
import { callerOf, identityShape } from './caller-of.js';
import type { Identity } from './identity.js';

/** A token as it is kept: its digest, and the actor that it is of. */
export interface TokenRecord extends Identity {
  /** `sha256:` and the digest of the token, in hexadecimal digits. */
  readonly hash: string;
  /** An instant with its offset, from which on it holds no more; left out: never. */
  readonly expires?: string | undefined;
}

/** 256 bits of chance: no dictionary has it, so a plain digest keeps it. */
const BYTES = 32;
/** For people and for scanners of leaked secrets. */
const PREFIX = 'cct_';

const recordSchema = z.strictObject({
  ...identityShape,
  hash: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'is not a hash: `carillon console token` makes one'),
  expires: z.iso.datetime({ offset: true }).optional(),
});

/** Makes a token, which is shown once, and the record of it that is kept. @throws InvalidOptionsError */
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

/** Tokens that hold, found by their digests: a comparison reveals nothing of how much of a token is right. */
export class Tokens {
  readonly #byHash: ReadonlyMap<string, TokenRecord>;

  /** @throws InvalidOptionsError */
  constructor(records: readonly TokenRecord[]) {
    this.#byHash = new Map(checkTokens(records).map((record) => [record.hash, record]));
  }

  /** The caller that a token is of; null: of none, or it is no longer valid. */
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
