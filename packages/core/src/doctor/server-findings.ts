import { lengthText } from '../duration-text.js';
import type { ServerFacts } from '../ports/server-facts.js';
import type { Finding, FindingCode } from './finding.js';

const CLOCK_MS = 1_000;
const NEARLY_FULL = 0.9;

/** Redis 7.0 is the first whose scripts say what they do; every Valkey is newer. */
export function isTooOld({ version, server }: Pick<ServerFacts, 'version' | 'server'>): boolean {
  return server === 'redis' && Number.parseInt(version, 10) < 7;
}

/** What is wrong with the server. */
export function serverFindings(server: ServerFacts): Finding[] {
  if (isTooOld(server)) {
    return [error('redis_too_old', `this is Redis ${server.version}`, 'Take Redis 7 or newer, or Valkey.')];
  }
  return [...role(server), ...memory(server), ...clients(server), ...persistence(server), ...clock(server)];
}

function role({ role }: ServerFacts): Finding[] {
  if (role !== 'slave') return [];
  return [error('redis_is_replica', 'this server is a replica: it takes no writes', 'Give the address of its master.')];
}

function memory({ maxmemory, usedMemory, maxmemoryPolicy }: ServerFacts): Finding[] {
  const findings: Finding[] = [];
  if (maxmemoryPolicy !== null && maxmemoryPolicy !== 'noeviction') {
    const finding = `maxmemory-policy is ${maxmemoryPolicy}: ${maxmemory ? 'a full Redis drops jobs and runs' : 'once maxmemory is set, a full Redis drops jobs and runs'}`;
    const todo = 'Set `maxmemory-policy noeviction`, and give caches a Redis of their own.';
    findings.push(maxmemory ? error('redis_evicts', finding, todo) : warning('redis_evicts', finding, todo));
  }
  if (maxmemory && usedMemory !== null && usedMemory > NEARLY_FULL * maxmemory) {
    const used = `${Math.round((100 * usedMemory) / maxmemory)} % of maxmemory is used`;
    findings.push(warning('redis_memory_nearly_full', used, 'Raise maxmemory, or remove data that is not needed.'));
  }
  return findings;
}

function clients({ clients, maxclients }: ServerFacts): Finding[] {
  if (clients === null || !maxclients || clients <= NEARLY_FULL * maxclients) return [];
  const finding = `${clients} clients are connected, and maxclients is ${maxclients}: once it is reached, others are refused`;
  const todo =
    'Raise `maxclients`, or close clients that are not needed. A worker has three connections and one for each executor, a coordinator has two.';
  return [warning('redis_clients_nearly_full', finding, todo)];
}

function persistence({ appendOnly, save, lastSnapshotFailed, lastAppendFailed }: ServerFacts): Finding[] {
  if (lastSnapshotFailed || lastAppendFailed) {
    const what = lastAppendFailed ? 'append-only file' : 'snapshot';
    const todo = "Look at the server's log: a full disk, or a folder it may not write to.";
    return [error('redis_saving_fails', `the last write of its ${what} failed`, todo)];
  }
  if (appendOnly !== false) return [];
  const todo = 'Set `appendonly yes`; docs/deployment.md says what each setting keeps.';
  if (save === '')
    return [warning('redis_not_persistent', 'it saves nothing: a restart loses all jobs and runs', todo)];
  const finding = 'it saves snapshots only: a crash loses all changes since the last one';
  return [warning('redis_snapshots_only', finding, todo)];
}

function clock({ clockAheadMs, roundTripMs }: ServerFacts): Finding[] {
  if (Math.abs(clockAheadMs) < CLOCK_MS + roundTripMs / 2) return [];
  const finding = `this machine's clock is ${lengthText(Math.abs(clockAheadMs))} ${clockAheadMs > 0 ? 'ahead of' : 'behind'} the server's`;
  const todo = 'Synchronise both by NTP. Jobs fire by the clock of Redis.';
  return [warning('clock_differs', finding, todo)];
}

function error(code: FindingCode, finding: string, whatToDo: string): Finding {
  return { level: 'error', code, jobStore: null, finding, whatToDo };
}

function warning(code: FindingCode, finding: string, whatToDo: string): Finding {
  return { level: 'warning', code, jobStore: null, finding, whatToDo };
}
