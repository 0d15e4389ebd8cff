import type { HeartbeatAnswer, HeartbeatParams, JoinParams, TaskSeen, WorkerInfo } from '@carillon/core/internal';
import type { Note } from './acts.js';
import type { Effect, Fault } from './effect.js';
import type { Settled } from './settling.js';

/** A worker as the job store shows it. */
interface Shown {
  readonly executors: readonly string[];
  readonly tasks: readonly string[];
  readonly leaseMs: number;
  /** Since when it was never silent for too long. */
  readonly aliveSince: number;
  readonly lastSign: number;
}

interface Surroundings {
  /** How long no living worker may have a task before its runs are errors, ms. */
  readonly patienceMs: number;
  wasStruck(process: string, since: number): boolean;
  lacks(process: string, task: string): boolean;
}

/** A worker that has been silent for more than this many of its leases counts as dead. */
const SILENT_LEASES = 2;
/** The oldest view of the workers that a process may have without faults, ms. */
const SEEN_MS = 1_000;

/**
 * Checks that a run ends for want of its task only after no living worker of its executor has had the task for the stated
 * time. It relies on what workers show in the job store.
 */
export class Absences {
  readonly #fault: Fault;
  readonly #note: Note;
  readonly #around: Surroundings;
  readonly #workers = new Map<string, Shown>();
  /** When a worker that has a task last joined, or was seen to have it, by executor and task. */
  readonly #there = new Map<string, number>();
  /** When a process last learned that the stated time is over, by process, executor and task. */
  readonly #over = new Map<string, number>();

  constructor(fault: Fault, note: Note, around: Surroundings) {
    this.#fault = fault;
    this.#note = note;
    this.#around = around;
  }

  join({ params, at }: Effect): void {
    const { worker, executors, tasks } = params as JoinParams;
    this.#sign(worker, at);
    for (const executor of executors) for (const task of tasks) this.#there.set(`${executor} ${task}`, at);
  }

  /** A worker that left, or was counted dead, is there again only when it joins: a late heartbeat of it shows nothing. */
  heartbeat({ params, answer, at }: Effect): void {
    if ((answer as HeartbeatAnswer).isKnown) this.#sign((params as HeartbeatParams).worker, at);
  }

  #sign({ workerId, json }: WorkerInfo, at: number): void {
    const { executors, tasks, leaseMs } = JSON.parse(json);
    const before = this.#workers.get(workerId);
    const aliveSince = before && isAlive(before, at) ? before.aliveSince : at;
    const aliases = executors.map(({ alias }: { readonly alias: string }) => alias);
    this.#workers.set(workerId, { executors: aliases, tasks, leaseMs, aliveSince, lastSign: at });
  }

  gone(workerIds: readonly string[]): void {
    for (const workerId of workerIds) this.#workers.delete(workerId);
  }

  noted({ params, answer, at, process, isLate }: Effect): void {
    const { executor, task, isThere } = params as TaskSeen;
    const key = `${executor} ${task}`;
    const ms = Number(answer);
    const around = this.#around;
    if (!around.lacks(process, task)) this.#fault(`${process} asks who has ${task}, which it has itself`);
    if (isThere) {
      this.#there.set(key, at);
      this.#note('missed by one worker');
      if (ms !== 0) this.#fault(`${task} is there, and was not for ${ms} ms`);
      return;
    }
    this.#note('missed by all workers');
    const since = at - ms;
    const there = this.#there.get(key) ?? Number.NEGATIVE_INFINITY;
    if (there > since)
      this.#fault(`no worker is said to have had ${key} for ${ms} ms, but one had it ${at - there} ms ago`);
    if (isLate) return;
    if (ms >= around.patienceMs) this.#over.set(`${process} ${key}`, at);
    if (around.wasStruck(process, at - SEEN_MS)) return;
    for (const [workerId, worker] of this.#workers) {
      const has = worker.executors.includes(executor) && worker.tasks.includes(task);
      if (has && worker.aliveSince < at - SEEN_MS && isAlive(worker, at))
        this.#fault(`${process} sees no worker that has ${key}, but worker ${workerId} lives and has it`);
    }
  }

  /** Checks a run that ended, or failed, for want of its task. */
  settled({ run, process }: Settled): void {
    const around = this.#around;
    const { task, executor } = run.policy;
    const over = this.#over.get(`${process} ${executor} ${task}`);
    const from = (run.startedBy?.deliveredAt ?? 0) - SEEN_MS;
    this.#note('ended for want of its task');
    if (!around.lacks(process, task)) this.#fault(`run ${run.id} ended for want of ${task}, which ${process} has`);
    if (over === undefined || (over < from && !around.wasStruck(process, from)))
      this.#fault(`run ${run.id} ended for want of ${task}, and its time was not over`);
  }
}

function isAlive({ lastSign, leaseMs }: Shown, at: number): boolean {
  return at - lastSign <= SILENT_LEASES * leaseMs;
}
