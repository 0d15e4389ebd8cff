import type { Call } from './calls.js';
import type { Fire, Outcome } from './outcomes.js';
import type { ChaosJob } from './workload.js';

/** The store's state of a job once all firing is paused and no run is owed. */
export interface Kept {
  /** Its next fire time, ms. */
  readonly next: number;
  /** How many executions were settled as executed or as an error. */
  readonly settled: number;
}

export interface Known {
  readonly fires: ReadonlyMap<number, Fire>;
  readonly kept: Kept | undefined;
  /** How many errors no task threw: the store may or may not count them. */
  readonly uncounted: number;
  readonly callOf: (time: number) => Call | undefined;
  /** The latest time at which a claimed job was due, ms. */
  readonly claimedUntil: number;
  /** Whether every event was seen. */
  readonly isComplete: boolean;
  readonly redisForgot: boolean;
}

export interface JobAccount {
  readonly expected: number;
  readonly counts: Record<Outcome, number>;
  readonly lost: string[];
  readonly twice: string[];
  readonly faults: string[];
  unknown: number;
}

/** A job is behind if others that were due this much later were claimed. How far all jobs are behind depends on the machine. */
const BEHIND_MS = 10_000;

export function nameOf(jobId: string | null, time: number): string {
  return `${jobId} at ${time}`;
}

export function accountOfJob(job: ChaosJob, known: Known): JobAccount {
  const next = known.kept?.next ?? Number.NaN;
  const isFireTime = (time: number) => time >= job.first && (time - job.first) % job.everyMs === 0;
  const times: number[] = [];
  for (let time = job.first; time < next; time += job.everyMs) times.push(time);
  const account: JobAccount = {
    expected: times.length,
    counts: { executed: 0, error: 0, missed: 0, max_instances: 0, coalesced: 0, cancelled: 0 },
    lost: [],
    twice: [],
    faults: [],
    unknown: 0,
  };
  if (!isFireTime(next)) account.lost.push(`${job.id} itself: it has the next run time ${known.kept?.next ?? 'null'}`);
  if (next + job.jitterMs < known.claimedUntil - BEHIND_MS) {
    account.faults.push(
      `${job.id} fires no more: its next run time was ${next} when others had fired until ${known.claimedUntil}`,
    );
  }
  for (const time of times) bookFire(account, nameOf(job.id, time), known.fires.get(time), known.callOf(time), known);
  bookSettled(account, job, known);
  if (known.redisForgot) return account;
  for (const [time, { outcomes }] of known.fires) {
    if (!isFireTime(time) || time >= next)
      account.faults.push(`${nameOf(job.id, time)}: ${outcomes}, but no fire time`);
  }
  return account;
}

function bookFire(
  account: JobAccount,
  name: string,
  fire: Fire | undefined,
  call: Call | undefined,
  { isComplete, redisForgot }: Known,
): void {
  const [outcome, ...more] = fire?.outcomes ?? [];
  if (!outcome) {
    if (isComplete) account.lost.push(name);
    else if (call?.endedAt) account.counts.executed += 1;
    else account.unknown += 1;
    return;
  }
  account.counts[outcome] += 1;
  if (more.length > 0) account.twice.push(`${name}: ${[outcome, ...more].join(', ')}`);
  const ran = fire?.outcomes.some((one) => one === 'executed' || one === 'error' || one === 'cancelled');
  if (outcome === 'executed' && !call?.endedAt) account.faults.push(`${name} is executed, but no call of it ended`);
  if (!ran && call && !redisForgot) account.faults.push(`${name} was called, but is ${outcome}`);
}

/** The store counts settled executions itself. */
function bookSettled(account: JobAccount, job: ChaosJob, { kept, uncounted, redisForgot }: Known): void {
  const reported = account.counts.executed + account.counts.error;
  const settled = kept?.settled ?? 0;
  if (redisForgot || (settled <= reported + account.unknown && settled >= reported - uncounted)) return;
  account.faults.push(`${job.id}: ${reported} fire times were reported as settled, but the store counted ${settled}`);
}
