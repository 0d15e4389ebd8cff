import { UnexpectedReplyError } from '@carillon/core';
import {
  decodeRun,
  type HandBackParams,
  type HeartbeatParams,
  type HeldRun,
  historyText,
  type JoinParams,
  type Ledger,
  members,
  type Settlement,
  type SettleOutcome,
  type StartOutcome,
  type StartParams,
  settlementText,
  type TaskSeen,
  WORKER_ALIVE_MS,
  WORKER_LOST,
} from '@carillon/core/internal';
import { inLines } from './event-lines.js';
import type { Keys } from './keys.js';
import type { ScriptArgument } from './script-call.js';
import type { ScriptRunner } from './script-runner.js';

/** The workers' side of a job store in Redis. */
export class RedisLedger implements Ledger {
  readonly #scripts: ScriptRunner;
  readonly #keys: Keys;
  readonly #alias: string;

  constructor(scripts: ScriptRunner, keys: Keys, alias: string) {
    this.#scripts = scripts;
    this.#keys = keys;
    this.#alias = alias;
  }

  async start(params: StartParams): Promise<readonly StartOutcome[]> {
    const worker = `"workerId":${JSON.stringify(params.workerId)}`;
    const reply = await this.#scripts.run('start', this.#keys.base, [
      params.deliveryId,
      params.token,
      params.leaseMs,
      params.maxWorkerLosses,
      WORKER_LOST,
      worker,
      ...params.runIds,
    ]);
    const statuses = reply.words('started', 'dropped', 'ended', 'unreadable', 'newer');
    return params.runIds.map((runId, at): StartOutcome => {
      const status = statuses[at];
      if (!status)
        throw new UnexpectedReplyError(
          `script start: the reply has ${statuses.length} statuses, not ${at + 1} or more`,
        );
      const state = reply.text();
      const body = reply.text();
      if (status !== 'started') return { status, runId };
      const run = decodeRun(runId, state, body);
      return run ? { status, run } : { status: 'unreadable', runId };
    });
  }

  async settle(params: {
    readonly op: string;
    readonly settlements: readonly Settlement[];
  }): Promise<readonly SettleOutcome[]> {
    const { op, settlements } = params;
    const args: ScriptArgument[] = [op, settlements.length];
    for (const { run } of settlements) args.push(run.runId);
    for (const { run, last } of settlements) args.push((last && run.jobId) ?? '');
    for (const { fireTime, last } of settlements) args.push(last ? fireTime : '');
    args.push(...inLines(settlements.map((settlement) => settlementText(this.#alias, settlement))));
    const tokens = inRows(settlements.map(({ token }) => token));
    args.push(tokens.length, ...tokens.flat());
    for (const [at, settlement] of settlements.entries()) {
      const rest = restOf(settlement);
      if (rest !== '' || settlement.index > 0) args.push(at, settlement.index, rest);
    }
    const reply = await this.#scripts.run('settle', this.#keys.base, args);
    if (reply.peek() === 'all settled') return settlements.map(() => 'settled');
    return settlements.map(() => reply.oneOf('settled', 'cancelled', 'void'));
  }

  async heartbeat({ worker, leaseMs, held }: HeartbeatParams) {
    const args = [
      leaseMs,
      WORKER_ALIVE_MS,
      worker.workerId,
      worker.json,
      ...held.flatMap(({ runId, token }) => [runId, token]),
    ];
    const reply = await this.#scripts.run('heartbeat', this.#keys.base, args, { format: 'shows' });
    const isKnown = reply.oneOf('1', '0') === '1';
    const outcome = { isKnown, refused: [] as string[], cancelled: [] as string[] };
    while (!reply.ended) outcome[reply.oneOf('refused', 'cancelled')].push(reply.text());
    return outcome;
  }

  async progress(reports: readonly (HeldRun & { readonly json: string })[]): Promise<void> {
    const args = reports.flatMap(({ runId, token, json }) => [runId, token, json]);
    await this.#scripts.run('progress', this.#keys.base, args);
  }

  async handBack({ held, delayMs = 0 }: HandBackParams): Promise<void> {
    const args = held.flatMap(({ runId, token }) => [runId, token]);
    await this.#scripts.run('hand_back', this.#keys.base, [delayMs, ...args]);
  }

  async join({ worker, executors, tasks, event }: JoinParams): Promise<void> {
    const { workerId, json } = worker;
    const args = [WORKER_ALIVE_MS, workerId, json, members(event.about), executors.length, ...executors, ...tasks];
    await this.#scripts.run('join', this.#keys.base, args, { format: 'shows' });
  }

  async noteTask({ executor, task, isThere, forgetMs, lookedAt }: TaskSeen): Promise<number> {
    const args = [`${executor} ${task}`, isThere ? '1' : '', forgetMs ?? '', lookedAt];
    return (await this.#scripts.run('note_task', this.#keys.base, args)).number();
  }

  async leave(workerId: string): Promise<void> {
    await this.#scripts.run('leave', this.#keys.base, [workerId, members({ jobStore: this.#alias })], {
      format: 'shows',
    });
  }
}

/** Returns each token, and how many in succession are equal to it. */
function inRows(tokens: readonly string[]): readonly (readonly [token: string, count: number])[] {
  const rows: [string, number][] = [];
  for (const token of tokens) {
    const last = rows.at(-1);
    if (last?.[0] === token) last[1] += 1;
    else rows.push([token, 1]);
  }
  return rows;
}

/** Returns what else the script needs; '' if it is a run's last execution, which was simply executed. */
function restOf(settlement: Settlement): string {
  const { outcome, last } = settlement;
  const history = historyText(last?.history ?? null);
  if (outcome === 'executed' && last?.overlap === 'skip' && history === '-' && !last.asked) return '';
  const { delayMs = undefined, retryAt = undefined } = settlement.outcome === 'retry' ? settlement : {};
  return JSON.stringify({
    outcome,
    delay: delayMs,
    at: retryAt,
    ...(last && { overlap: last.overlap, history, asked: last.asked }),
  });
}
