import type { StartOutcome, StartParams } from '@carillon/core/internal';
import type { Effect, Fault, Fire, Reported } from './effect.js';
import type { Instances } from './instances.js';
import type { Run } from './run.js';
import type { OutcomeCounts } from './runs.js';
import type { Settling } from './settling.js';

interface Parts {
  readonly fault: Fault;
  readonly counts: OutcomeCounts;
  readonly instances: Instances;
  readonly settling: Settling;
  /** Whether anything went wrong with a process, or with its connection, since an instant. */
  readonly wasStruck: (process: string, since: number) => boolean;
}

/** Checks the results of starting the runs of a delivery. */
export class Starting {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  start({ params, answer, at, process, events }: Effect): void {
    const given = params as StartParams;
    const left = [...events];
    for (const [index, outcome] of (answer as readonly StartOutcome[]).entries()) {
      const runId = given.runIds[index] ?? '';
      const run = this.#parts.instances.all.get(runId);
      if (outcome.status === 'unreadable') this.#parts.fault(`run ${runId} cannot be read`);
      if (!run || run.deliveryId !== given.deliveryId) {
        if (outcome.status !== 'dropped')
          this.#parts.fault(`run ${runId} ${outcome.status}, but is not owed under this delivery`);
        continue;
      }
      if (outcome.status === 'dropped') this.#parts.fault(`run ${runId} was dropped, but is owed under this delivery`);
      if (run.token === given.token) continue;
      if (run.token !== null) this.#takeOver(run, given.deliveryId, process);
      this.#startOne(run, given, at, process, outcome, left);
    }
    if (left.length > 0) this.#parts.fault(`a start also published ${JSON.stringify(left)}`);
  }

  /** Checks a start while another worker holds the run: the queue lost sight of one, and gave the delivery to both. */
  #takeOver(run: Run, deliveryId: string, process: string): void {
    run.losses += 1;
    const { startedBy } = run;
    if (startedBy?.deliveryId !== deliveryId) {
      this.#parts.fault(`run ${run.id} was started again under another delivery, though no worker had given it up`);
    } else if (![startedBy.process, process].some((one) => this.#parts.wasStruck(one, run.deliveredAt))) {
      this.#parts.fault(
        `run ${run.id} was taken from ${startedBy.process} by ${process}, and nothing had happened to them`,
      );
    }
  }

  #startOne(
    run: Run,
    { token, leaseMs, maxWorkerLosses, deliveryId }: StartParams,
    at: number,
    process: string,
    { status }: StartOutcome,
    events: Reported[],
  ): void {
    if (run.cancelled) {
      if (status !== 'ended') this.#parts.fault(`run ${run.id} is to be cancelled, and was ${status}`);
      this.#parts.instances.cancelRest(run, at, events);
      return;
    }
    if (run.losses > maxWorkerLosses) {
      if (status !== 'ended') this.#parts.fault(`run ${run.id} lost ${run.losses} workers, and was started again`);
      this.#losesAll(run, at, events);
      return;
    }
    const late = run.starts > 0 ? [] : this.#late(run, at);
    if (late.length > 0) this.#missed(run, late, at, events);
    if (!this.#parts.instances.all.has(run.id)) {
      if (status !== 'ended') this.#parts.fault(`run ${run.id}: all its fire times were missed, and it was ${status}`);
      return;
    }
    run.starts += 1;
    run.attempts += 1;
    const reported = events.shift();
    if (
      status !== 'started' ||
      reported?.type !== 'job_started' ||
      reported.runId !== run.id ||
      reported.attempt !== run.attempts
    ) {
      this.#parts.fault(
        `run ${run.id}: ${status}, reported as ${JSON.stringify(reported)}; its attempt ${run.attempts}`,
      );
    }
    run.token = token;
    run.leaseUntil = at + leaseMs;
    run.outboxAt = null;
    run.startedBy = { process, deliveryId, deliveredAt: run.deliveredAt };
  }

  #losesAll(run: Run, at: number, events: Reported[]): void {
    for (; run.done < run.fires.length; run.done++) {
      const reported = events.shift();
      if (reported?.error?.code !== 'WORKER_LOST')
        this.#parts.fault(`run ${run.id} lost its workers, and that was not reported`);
      this.#parts.settling.outcome(run, reported, at);
    }
    this.#parts.instances.end(run, 'error', at, events);
  }

  #late({ fires, policy: { graceMs } }: Run, at: number): readonly Fire[] {
    return graceMs === null ? [] : fires.filter(({ dueAt }) => dueAt + graceMs < at);
  }

  #missed(run: Run, late: readonly Fire[], at: number, events: Reported[]): void {
    const reported = events.shift();
    const [first, last] = [late[0]?.fireTime, late.at(-1)?.fireTime];
    if (
      reported?.type !== 'job_missed' ||
      reported.runId !== run.id ||
      reported.first !== first ||
      reported.last !== last
    ) {
      this.#parts.fault(
        `run ${run.id} missed ${first} to ${last} as it started, reported as ${JSON.stringify(reported)}`,
      );
    }
    this.#parts.counts.missed += late.length;
    if (reported) run.outcomes.push(reported);
    run.done += late.length;
    if (run.done >= run.fires.length) this.#parts.instances.end(run, 'missed', at, events);
  }
}
