import type { Clock } from '../../ports/clock.js';
import type { EventDraft } from '../../ports/event-draft.js';
import type { NewRun, SettleOutcome } from '../../ports/ledger.js';
import { Channels } from '../event-bus.js';
import { ExpiringMap } from '../expiring-map.js';
import { SortedSet } from '../sorted-set.js';

/** A job's record, or what is left of a damaged one. */
export type JobRecord = ReadableRecord | { readonly damaged: true; readonly order: number };

interface ReadableRecord {
  readonly damaged: false;
  /** Grows from record to record: where a page begins. */
  readonly order: number;
  readonly rev: number;
  readonly generation: number;
  readonly digest: string;
  readonly json: string;
}

/** A run's record in the ledger. */
export interface RunRecord extends NewRun {
  readonly order: number;
  readonly deliveryId: string | null;
  readonly token: string | null;
  readonly starts: number;
  /** Workers lost since anything was settled. */
  readonly losses: number;
  readonly done: number;
  readonly damaged: boolean;
}

const OP_LIFE_MS = 60_000;
const TOMBSTONE_LIFE_MS = 7 * 86_400_000;

/** What one job store holds, and its clock. Each function beside this file does what the Lua script of its name does. */
export class StoreState {
  readonly alias: string;
  readonly jobs = new Map<string, JobRecord>();
  readonly schedule = new SortedSet();
  readonly cursor = new Map<string, number>();
  readonly last = new Map<string, string>();
  readonly instances = new Map<string, number>();
  readonly runs = new Map<string, RunRecord>();
  readonly leases = new SortedSet();
  readonly outbox = new SortedSet();
  readonly quarantine = new Map<string, string>();
  readonly workers = new SortedSet();
  readonly workersInfo = new Map<string, string>();
  /** Trigger digests of jobs that have finished. */
  readonly tombstones = new ExpiringMap<string>(TOMBSTONE_LIFE_MS);
  /** Answers to calls, for those that are repeated. */
  readonly puts = new ExpiringMap<'done'>(OP_LIFE_MS);
  readonly submits = new ExpiringMap<'submitted' | 'max_instances'>(OP_LIFE_MS);
  readonly settles = new ExpiringMap<readonly SettleOutcome[]>(OP_LIFE_MS);
  readonly channels = new Channels();
  lock: { readonly value: string; readonly expiresAt: number } | null = null;
  epoch: number | null = null;
  paused = false;
  rev = 0;
  readonly #clock: Clock;
  readonly #seq = new Map<string, number>();
  #order = 0;

  constructor(alias: string, clock: Clock) {
    this.alias = alias;
    this.#clock = clock;
  }

  now(): number {
    return Math.floor(this.#clock.now());
  }

  nextOrder(): number {
    this.#order += 1;
    return this.#order;
  }

  publish(now: number, { type, body }: EventDraft): void {
    const seq = (this.#seq.get(type) ?? 0) + 1;
    this.#seq.set(type, seq);
    const message = `{"v":1,"seq":${seq},"type":${JSON.stringify(type)},"at":${now},${body}}`;
    this.channels.publish(`events:${type}`, message);
  }

  wake(what: number | 'leader'): void {
    this.channels.publish('wakeup', String(what));
  }

  /** One live run of a job more or less. */
  countInstance(jobId: string | null, change: 1 | -1): void {
    if (jobId === null) return;
    const count = (this.instances.get(jobId) ?? 0) + change;
    if (count > 0) this.instances.set(jobId, count);
    else this.instances.delete(jobId);
  }

  enterRun(run: NewRun, now: number): void {
    const fresh = { deliveryId: null, token: null, starts: 0, losses: 0, done: 0, damaged: false };
    this.countInstance(run.jobId, 1);
    this.runs.set(run.runId, { ...run, ...fresh, order: this.nextOrder() });
    this.outbox.set(run.runId, now);
  }

  /** Takes a run that is over out of the ledger. */
  endRun({ runId, jobId }: RunRecord): void {
    this.runs.delete(runId);
    this.leases.delete(runId);
    this.outbox.delete(runId);
    this.countInstance(jobId, -1);
  }

  /** The run, if it is there and can be read. */
  run(runId: string): RunRecord | undefined {
    const run = this.runs.get(runId);
    return run?.damaged ? undefined : run;
  }
}
