import { UnexpectedReplyError } from '@carillon/core';
import { decodeBody, decodePolicy, type Failure, type KeptRun } from '@carillon/core/internal';
import { z } from 'zod';
import type { RedisClient } from '../connection/connection.js';

const entriesSchema = z.array(z.tuple([z.string(), z.array(z.string())]));

/** Reads failures as `lua/lib/outcome.lua` writes them, newest first, older than the one of this id. If none is returned, there are no others. */
export async function readFailures(
  client: RedisClient,
  key: string,
  before: string | null,
  limit: number,
): Promise<readonly Failure[]> {
  const found = await client.xrevrange(key, before === null ? '+' : `(${before}`, '-', 'COUNT', limit);
  const entries = entriesSchema.safeParse(found);
  if (!entries.success) throw new UnexpectedReplyError(`key ${key}: is not a list of failures`);
  return entries.data.map(([id, fields]) => {
    const entry = Object.fromEntries(fields.flatMap((name, at) => (at % 2 ? [] : [[name, fields[at + 1]]])));
    return { id, message: entry.event ?? JSON.stringify(fields), run: runOf(entry) };
  });
}

function runOf({ run, body }: Record<string, string | undefined>): KeptRun | null {
  const policy = run === undefined ? null : decodePolicy(run);
  return policy && { ...policy, payload: decodeBody(body ?? '') };
}
