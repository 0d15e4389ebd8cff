import type { ServerFacts } from '@carillon/core/internal';
import type { RedisClient } from './connection.js';

/** Asks a server for the facts that matter to a job store. */
export async function readServerFacts(client: RedisClient): Promise<ServerFacts> {
  const info = parseInfo(await client.info());
  const clock = await compareClocks(client);
  return {
    version: info.get('valkey_version') ?? info.get('redis_version') ?? 'unknown',
    server: info.get('server_name') ?? 'redis',
    role: info.get('role') ?? null,
    maxmemoryPolicy: info.get('maxmemory_policy') ?? (await config(client, 'maxmemory-policy')),
    maxmemory: number(info.get('maxmemory')),
    usedMemory: number(info.get('used_memory')),
    clients: number(info.get('connected_clients')),
    maxclients: number(info.get('maxclients')),
    appendOnly: info.has('aof_enabled') ? info.get('aof_enabled') === '1' : null,
    save: await config(client, 'save'),
    lastSnapshotFailed: isFailure(info.get('rdb_last_bgsave_status')),
    lastAppendFailed: isFailure(info.get('aof_last_write_status')) || isFailure(info.get('aof_last_bgrewrite_status')),
    ...clock,
  };
}

/** Compares the clocks a few times, and returns the result of the shortest round trip: a slow one says little. */
async function compareClocks(client: RedisClient): Promise<Pick<ServerFacts, 'clockAheadMs' | 'roundTripMs'>> {
  let best = { clockAheadMs: 0, roundTripMs: Number.POSITIVE_INFINITY };
  for (let tries = 0; tries < 3; tries++) {
    const asked = performance.now();
    const [seconds, microseconds] = await client.time();
    const roundTripMs = performance.now() - asked;
    const there = Number(seconds) * 1_000 + Number(microseconds) / 1_000;
    const clockAheadMs = Math.round(Date.now() - roundTripMs / 2 - there);
    if (roundTripMs < best.roundTripMs) best = { clockAheadMs, roundTripMs };
  }
  return best;
}

function parseInfo(info: string): Map<string, string> {
  return new Map([...info.matchAll(/^(\w+):(.*?)\r?$/gm)].map(([, name = '', value = '']) => [name, value]));
}

/** Returns a setting; null if CONFIG is refused: managed servers refuse it, and any server refuses it to users with few rights. */
async function config(client: RedisClient, name: string): Promise<string | null> {
  try {
    const [, value] = (await client.config('GET', name)) as unknown[];
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

function number(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}

function isFailure(status: string | undefined): boolean {
  return status !== undefined && status !== 'ok';
}
