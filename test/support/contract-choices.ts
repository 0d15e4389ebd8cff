import type {
  Claim,
  DedupeWindow,
  HeldRun,
  JobChange,
  JobReading,
  LedgerRun,
  NewRun,
  Settlement,
} from '@carillon/core/internal';
import { adding, at, changing, newRun } from './contract-records.js';
import { settlement } from './contract-runs.js';

/** One call on a store: its kind, and the numbers that choose its parameters. */
export interface Step {
  readonly kind: string;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

export interface Started extends HeldRun {
  readonly done: number;
  /** The run as the store returned it at its start; null if it was not started. */
  readonly run: LedgerRun | null;
}

export const IDS = ['a', '7', 'x:y "z"', '__proto__'];
export const ABOUT = { jobStore: 'default' };
const DAY = 86_400_000;
const OVERLAPS = ['skip', 'queue', 'replace', 'queue'] as const;
const HISTORIES = [null, { ageMs: DAY, perJob: null }, { ageMs: DAY, perJob: 2 }] as const;

/** A dedupe window for some steps, with one of two keys, so keys often repeat. */
export function someWindow({ a, b, d }: Step): DedupeWindow | undefined {
  return b % 5 === 0 ? { key: `task ${IDS[a % 2]}`, forMs: 1 + (d % 4) * 60 } : undefined;
}

/** A run of one of the jobs, or of no job: then its fire times may be in the future. */
export function someRun(runId: string, { a, b, c, d }: Step, now: number): NewRun {
  const fires = Array.from({ length: 1 + (c % 3) }, (_, index) => {
    const fireTime = now - 100 + 40 * index + (a % 5 === 4 ? (d % 4) * 60 : 0);
    return { fireTime, dueAt: fireTime + (d % 5) };
  });
  return newRun(runId, a % 5 === 4 ? null : (IDS[a % 4] ?? ''), {
    fires,
    graceMs: b % 3 === 0 ? (b % 4) * 30 : null,
    maxInstances: 1 + (d % 3),
    overlap: OVERLAPS[b % 4] ?? 'skip',
    priority: c % 3,
    history: HISTORIES[d % 3] ?? null,
    task: `task ${b}`,
    coalesced: c % 3 === 0 ? { first: now - 500 - c, last: now - 500 } : null,
    ...(c % 4 === 3 && { asked: true as const }),
  });
}

/** Changes of one or two jobs. Most expect the job as it was read last. */
export function someChanges({ a, b, c, d }: Step, now: number, reading: JobReading | undefined): JobChange[] {
  return [...new Set([a % 4, (a + b) % 4])].slice(0, 1 + (c % 2)).map((place, index) => {
    const id = IDS[place] ?? '';
    const pending = d % 3 === 0 ? null : at(now + (d % 7) * 20 - 60, now + (d % 7) * 20 - 60 - (c % 3));
    const job = reading?.jobs[place];
    if (job && 'why' in job && d % 2 === 0) {
      const change = adding(id, pending);
      return { ...change, expected: { rev: 'unreadable' }, ...(b % 3 === 0 && { record: null }) };
    }
    if (!job || 'why' in job) return adding(id, pending, reading?.tombstones[place] ?? null);
    const rev = job.rev + (c === 0 ? 1 : 0);
    const isKept = b % 5 === 1;
    const record = {
      pending: isKept ? 'kept' : pending,
      newGeneration: b % 2 === 0 && !isKept,
      json: `"${index}"`,
    } as const;
    const dueAt = isKept && a % 2 === 0 ? 'any' : (job.pending?.dueAt ?? null);
    const account = `{"what":"${b % 5 === 0 ? 'removed' : 'modified'}","by":${b}}`;
    const change = { ...changing(id, { rev, dueAt }, b % 5 === 0 ? null : record), account };
    return b % 10 === 0 ? { ...change, tombstone: `tomb of ${id}` } : change;
  });
}

const missedFrom = (first: number, last: number) => ({ type: 'job_missed', about: { ...ABOUT, first, last } });

/** Claims of most of the scheduled jobs that were read last. */
export function someClaims(step: Step, now: number, jobs: JobReading['jobs'], name: () => string): Claim[] {
  const { a } = step;
  const claims = jobs.flatMap((job, place) => {
    if (!job || 'why' in job || !job.pending || (a + place) % 3 === 0) return [];
    // Either all claims use the same numbers, or each uses its own.
    const [b, c, d] = a % 2 === 0 ? [step.b, step.c, step.d] : [step.b + place, step.c + 3 * place, step.d + place];
    const next = b % 5 === 0 ? null : at(now + (c % 9) * 30, now + (c % 9) * 30 - (d % 2));
    return {
      id: job.id,
      expected: { rev: job.rev, dueAt: job.pending.dueAt },
      next,
      tombstone: c % 2 === 0 ? 'tomb' : null,
      deliveryId: c % 2 === 0 ? `d${a}${b}${c}${place}${now}` : null,
      run: d % 6 === 0 ? null : { ...someRun(name(), { kind: '', a: place, b, c, d }, now), jobId: job.id },
      events: {
        missed: d % 3 === 0 ? missedFrom(now - d, now - (d % 2) * d) : null,
        removed: next ? null : { type: 'job_removed', about: ABOUT },
      },
    };
  });
  return withDouble(claims, a);
}

/** Repeats the first item among the others for some choices. */
export function withDouble<T>(list: readonly T[], choice: number): T[] {
  return choice % 7 === 1 ? [...list.slice(0, 2), ...list.slice(0, 1), ...list.slice(2)] : [...list];
}

const OUTCOMES = ['executed', 'error', 'retry', 'executed', 'retry', 'error', 'retry', 'cancelled'] as const;

/** What a worker reports of one or two executions. */
export function someSettlements({ runId, token, done, run }: Started, { a, b, c }: Step): Settlement[] {
  const outcome = OUTCOMES[a % OUTCOMES.length] ?? 'executed';
  const first = done + (a % 6 === 0 ? 1 : 0);
  return Array.from({ length: 1 + (b % 2) }, (_, offset) => {
    const index = first + offset;
    const fire = run?.fires[index];
    const isLast = run && fire && index === run.fires.length - 1;
    return settlement(runId, outcome, {
      ...{ jobId: run?.jobId ?? null, token, index, value: String(a), delayMs: [0, 30, 100][b % 3] ?? 0 },
      ...(fire && { fireTime: fire.fireTime }),
      ...(c % 5 > 0 && isLast && { last: run }),
    });
  });
}
