import { WORKER_LOST } from '../event/outcome.js';
import type { EventDraft } from '../ports/event-draft.js';
import type {
  HeartbeatParams,
  HeldRun,
  Ledger,
  Settlement,
  SettleOutcome,
  StartOutcome,
  StartParams,
  WorkerInfo,
} from '../ports/ledger.js';
import { decodeRun } from '../run/record.js';
import type { Keys } from './keys.js';
import type { ScriptRunner } from './script-runner.js';

/** The workers' side of a job store in Redis. */
export class RedisLedger implements Ledger {
  readonly #scripts: ScriptRunner;
  readonly #keys: Keys;

  constructor(scripts: ScriptRunner, keys: Keys) {
    this.#scripts = scripts;
    this.#keys = keys;
  }

  async start(params: StartParams): Promise<readonly StartOutcome[]> {
    const { runs, leases, outbox, instances, seq, events } = this.#keys;
    const worker = `"workerId":${JSON.stringify(params.workerId)}`;
    const reply = await this.#scripts.run(
      'start',
      [runs, leases, outbox, instances, seq, events],
      [params.deliveryId, params.token, params.leaseMs, params.maxWorkerLosses, WORKER_LOST, worker, ...params.runIds],
    );
    return params.runIds.map((runId): StartOutcome => {
      const status = reply.oneOf('started', 'dropped', 'ended', 'unreadable');
      const record = reply.text();
      if (status !== 'started') return { status, runId };
      const run = decodeRun(runId, record);
      return run ? { status, run } : { status: 'unreadable', runId };
    });
  }

  async settle(params: {
    readonly op: string;
    readonly settlements: readonly Settlement[];
  }): Promise<readonly SettleOutcome[]> {
    const { runs, leases, instances, last, jobs, seq, events, op } = this.#keys;
    const args = params.settlements.flatMap(({ runId, token, index, outcome, event }) => [
      runId,
      token,
      index,
      outcome,
      event.type,
      event.body,
    ]);
    const reply = await this.#scripts.run(
      'settle',
      [runs, leases, instances, last, jobs, seq, events, op + params.op],
      args,
    );
    return params.settlements.map(() => reply.oneOf('settled', 'void'));
  }

  async heartbeat({ worker, leaseMs, held }: HeartbeatParams): Promise<{ readonly refused: readonly string[] }> {
    const { runs, leases, workers, workersInfo } = this.#keys;
    const args = [leaseMs, worker.workerId, worker.json, ...held.flatMap(({ runId, token }) => [runId, token])];
    const reply = await this.#scripts.run('heartbeat', [runs, leases, workers, workersInfo], args);
    const refused: string[] = [];
    while (!reply.ended) refused.push(reply.text());
    return { refused };
  }

  async handBack(held: readonly HeldRun[]): Promise<void> {
    const { runs, leases, outbox, wakeup } = this.#keys;
    const args = held.flatMap(({ runId, token }) => [runId, token]);
    await this.#scripts.run('hand_back', [runs, leases, outbox, wakeup], args);
  }

  async join({ worker, event }: { readonly worker: WorkerInfo; readonly event: EventDraft }): Promise<void> {
    const { workers, workersInfo, seq, events } = this.#keys;
    await this.#scripts.run('join', [workers, workersInfo, seq, events], [worker.workerId, worker.json, event.body]);
  }

  async leave(workerId: string): Promise<void> {
    const { client } = this.#scripts;
    await this.#scripts.answered(() =>
      client.multi().zrem(this.#keys.workers, workerId).hdel(this.#keys.workersInfo, workerId).exec(),
    );
  }
}
