import { fileURLToPath } from 'node:url';
import { errorInfo, type RunPayload } from '@carillon/core/internal';
import type { Execution } from '../current-run.js';
import type { ResourceLimits } from '../resources.js';
import type { RunCalls } from '../run-calls.js';
import type { SchemaPrints } from '../schema-prints.js';
import { answerOf } from './answering.js';
import { LoadLimit } from './load-limit.js';
import { type InsideCall, type OutwardMessage, outwardSchema } from './messages.js';
import { failed, isPlaceFailure, type Outcome, placeFailed, remade } from './outcome.js';
import type { Pool } from './pool.js';
import { openPoolLine } from './pool-line.js';
import { relogTo } from './relog.js';
import { standardLevel } from './standard-level.js';
import type { PoolKind } from './task-runner.js';

/** A task at work in a thread or child process. */
export interface HostedCall {
  /** Never rejects. */
  readonly ended: Promise<Outcome>;
  /** Resolves once the thread or child process is free again, or gone. */
  readonly over: Promise<void>;
  kill(): Promise<void>;
}

export interface HostedCallParts {
  readonly pool: Pool;
  readonly kind: PoolKind;
  readonly taskFile: URL;
  readonly callId: number;
  readonly payload: RunPayload;
  readonly execution: Execution;
  /** Aborted when the task has to stop. */
  readonly signal: AbortSignal;
  readonly calls: RunCalls;
  /** How long the module may take to load, ms. */
  readonly loadMs: number;
  /** How long its `setup` and `teardown` may take. */
  readonly limits: ResourceLimits;
  /** Called once the tasks are loaded, and their resources are open. */
  readonly ready: () => void;
  /** Called with prints of the schemas of the tasks that were loaded, once in each place. */
  readonly onSchemas: (schemas: SchemaPrints) => void;
  readonly begin: () => void;
}

/**
 * A thread or child process limits its time of loading itself, and reports the reason best. One that cannot, as it is in an endless
 * loop or has not even started, gets this much more time, ms.
 */
const HANG_MS = 5_000;
const NO_WAY = 'it blocks the event loop, as an endless loop does';

/** Calls a task in the pool, and connects it to its run: logs, progress, its scheduler, and the signal. */
export function hostCall(parts: HostedCallParts): HostedCall {
  const { pool, kind, callId, execution, signal, calls, begin, loadMs, limits } = parts;
  let isOver = false;
  const relog = relogTo(execution.logger);
  let end = (_: Outcome) => {};
  const outcome = new Promise<Outcome>((resolve) => {
    end = resolve;
  });
  const limit = new LoadLimit(() => {
    const late = `the tasks cannot be loaded: the module has not finished loading after ${loadMs / 1_000} s`;
    end(placeFailed('TASK_FILE', `${late}: ${NO_WAY}`));
    void call.kill();
  });
  const opening = new LoadLimit(() => {
    const late = `setup of ${fileURLToPath(parts.taskFile)} has not finished after ${limits.setupMs / 1_000} s`;
    end(placeFailed('TASK_SETUP', `${late}: ${NO_WAY}; the next run calls it again`));
    void call.kill();
  });
  const abort = () => line.send({ callId, abort: errorInfo(signal.reason) });
  const hear = (message: OutwardMessage) => {
    if (message.kind === 'log') return relog(message.line);
    if (message.kind === 'progress') return execution.onProgress(message.json);
    if (message.kind === 'store') {
      void answerOf(calls, message).then((answer) => {
        if (!isOver) line.send({ callId, answer });
      });
      return;
    }
    if (message.kind === 'ended') {
      limit.lift();
      opening.lift();
      end(withThrown(message.outcome));
      // Node.js keeps a module that failed to load: only another thread or child process loads it again.
      if (isPlaceFailure(message.outcome)) void call.kill();
      return;
    }
    if (message.kind === 'loaded') {
      limit.lift();
      if (message.schemas) parts.onSchemas(message.schemas);
      return opening.set(limits.setupMs + Math.min(limits.setupMs, HANG_MS));
    }
    if (message.kind === 'open') {
      opening.lift();
      call.opened(message.hasTeardown);
      return parts.ready();
    }
    if (message.kind === 'begun') return begin();
    call.arrivedAt(message.place);
    limit.set(loadMs + Math.min(loadMs, HANG_MS));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  };
  const line = openPoolLine(kind, insideCall(parts), (message) => {
    const { data } = outwardSchema.safeParse(message);
    if (data?.callId === callId) hear(data);
  });
  const call = pool.run(line);
  limit.set(loadMs + HANG_MS);
  const over = call.done.catch(async (error: unknown) => {
    isOver = true;
    // What it said before it died is read first.
    await new Promise((resolve) => setImmediate(resolve));
    end(died(kind, error));
  });
  // Not before the thread or process is free: else the next call would start another one.
  const ended = over.then(() => outcome);
  void ended.then(() => {
    isOver = true;
    limit.lift();
    opening.lift();
    line.close();
    signal.removeEventListener('abort', abort);
  });
  return { ended, over, kill: () => call.kill() };
}

function insideCall({ callId, taskFile, payload, execution, loadMs, limits }: HostedCallParts): InsideCall {
  const { runId, executionId, jobId, jobStore, scheduledRunTime, attempt, trace, logger } = execution;
  const about = { runId, executionId, jobId, jobStore, scheduledRunTime: scheduledRunTime.getTime(), attempt, trace };
  return { callId, taskFile: taskFile.href, payload, run: about, logLevel: standardLevel(logger), loadMs, limits };
}

function withThrown(outcome: (OutwardMessage & { kind: 'ended' })['outcome']): Outcome {
  return outcome.outcome === 'executed' ? outcome : { ...outcome, thrown: remade(outcome.error) };
}

const IN_WORDS = { thread: 'thread', process: 'child process' };

function died(kind: PoolKind, why: unknown): Outcome {
  const { name, message } = errorInfo(why);
  const what = name === 'Error' ? message : `${name}: ${message}`;
  return failed(`the ${IN_WORDS[kind]} of the task died: ${what}`, 'EXECUTOR_DIED', 'ExecutorDiedError');
}
