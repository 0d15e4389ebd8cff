import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ExecutorKind, JsonValue } from '@carillon/core';
import {
  ContractMemory,
  type Happening,
  previousOf,
  type RunPayload,
  type SlotShare,
  systemChance,
  systemClock,
} from '@carillon/core/internal';
import { loadTasks } from '@carillon/worker';
import { pino } from 'pino';
import { afterAll, onTestFinished } from 'vitest';
import type { CurrentRun } from '../../packages/worker/src/current-run.js';
import { type Executor, Executors } from '../../packages/worker/src/executors/executors.js';
import type { Outcome } from '../../packages/worker/src/executors/outcome.js';
import type { TaskRunner } from '../../packages/worker/src/executors/task-runner.js';
import { stopSignalOf } from '../../packages/worker/src/lazy-abort.js';
import { RunCalls } from '../../packages/worker/src/run-calls.js';
import { RunScheduler } from '../../packages/worker/src/run-scheduler.js';
import { registerTasks } from '../../packages/worker/src/tasks.js';
import { eventually } from './eventually.js';
import { programFile } from './server-process.js';

/** For the event loop of this process, which runs the sources. */
export const EXECUTOR_TASKS = new URL('./processes/executor-tasks.js', import.meta.url);
/** The same for threads and child processes. */
export const POOLED_TASKS = pathToFileURL(programFile('executor-tasks'));
export const FIRE_TIME = new Date('2026-03-29T01:00:00Z');

export type Call = Pick<RunPayload, 'task'> & Partial<Omit<RunPayload, 'task'>>;

/** An executor that several tests of a file use in turn, and its current user, which gets its reports. */
interface Warm {
  readonly executor: Executor;
  user: Bench;
}

/** By kind and concurrency; `null` if each test has its own executors. */
let warm: Map<string, Warm> | null = null;

/**
 * Shares executors among the tests of a file: a thread or child process takes a second of processor time to start. One that
 * a test stops or kills is started again for the next test.
 */
export function shareExecutors(): void {
  const shared = new Map<string, Warm>();
  warm = shared;
  afterAll(async () => {
    warm = null;
    await Promise.all([...shared.values()].map(({ executor }) => executor.runner.close()));
  });
}

/** Runs tasks on an executor, and records their logs and progress and the executor's reports. */
export class Bench {
  readonly runner: TaskRunner;
  readonly #slots: SlotShare;
  readonly logged: { readonly [member: string]: JsonValue }[] = [];
  readonly progress: JsonValue[] = [];
  readonly happenings: Happening[];
  readonly #logger = pino({ level: 'info' }, { write: (line: string) => void this.logged.push(JSON.parse(line)) });
  #runs = 0;

  private constructor({ runner, slots }: Executor, happenings: Happening[] = []) {
    this.runner = runner;
    this.#slots = slots.join();
    this.happenings = happenings;
  }

  /** Returns a bench whose executor other tests of the file may have used, if they share executors. */
  static async of(kind: ExecutorKind, concurrency = 2): Promise<Bench> {
    if (warm === null) return Bench.fresh(kind, concurrency);
    const name = `${kind} ${concurrency}`;
    const found = warm.get(name);
    if (found) {
      found.user = new Bench(found.executor);
      return found.user;
    }
    const made = await executorOf(kind, concurrency, tasksFor(kind), (happening) => {
      warm?.get(name)?.user.happenings.push(happening);
    });
    const user = new Bench(made);
    warm.set(name, { executor: made, user });
    return user;
  }

  /** Returns a bench with a new executor, which is closed after the test. */
  static async fresh(kind: ExecutorKind, concurrency = 2, taskFile = tasksFor(kind)): Promise<Bench> {
    const happenings: Happening[] = [];
    const made = await executorOf(kind, concurrency, taskFile, (happening) => void happenings.push(happening));
    const bench = new Bench(made, happenings);
    onTestFinished(() => bench.runner.close());
    return bench;
  }

  /** Runs a task for a fire time once a slot is free. It stops by `run.signal`, if given. */
  async run({ task, args = [], ...how }: Call, run: Partial<CurrentRun> = {}): Promise<Outcome> {
    this.#runs++;
    const runId = `run-${this.#runs}`;
    const fields = { runId, executionId: `${runId}.0`, jobId: 'job', jobStore: 'default' };
    const logger = run.logger ?? this.#logger.child({ runId });
    const { signal = new AbortController().signal, ...rest } = run;
    const previousFireTime = previousOf(how.timing, 'job', FIRE_TIME);
    const given = { ...fields, scheduledRunTime: FIRE_TIME, previousFireTime, attempt: 1, trace: null, ...rest };
    const calls = new RunCalls(() => Promise.reject(new Error('there is no job store')));
    const { jobStore } = given;
    const place = { calls, contracts: new ContractMemory(), clock: systemClock, chance: systemChance };
    const parts = { runId: given.runId, jobStore, ...place, logger, by: {} };
    let isOver = false;
    const onProgress = (json: string) => void (isOver || this.progress.push(JSON.parse(json)));
    const execution = { scheduler: new RunScheduler(parts), ...given, logger, onProgress };
    const slot = await this.#slots.take();
    const outcome = await this.runner.run({
      payload: { task, args, ...how },
      execution,
      calls,
      stop: stopSignalOf(signal),
    });
    slot?.release();
    isOver = true;
    return outcome;
  }

  /** Returns the value of a task; throws if the task did not return. */
  async value(call: Call): Promise<JsonValue> {
    const outcome = await this.run(call);
    if (outcome.outcome === 'executed') return JSON.parse(outcome.json);
    throw new Error(`it did not return: ${JSON.stringify(outcome)}`);
  }
}

const tasksFor = (kind: ExecutorKind) => (kind === 'async' ? EXECUTOR_TASKS : POOLED_TASKS);

async function executorOf(
  kind: ExecutorKind,
  concurrency: number,
  taskFile: URL,
  reported: (happening: Happening) => void,
): Promise<Executor> {
  // A busy machine also reports that loading takes long.
  const report = (happening: Happening) => void (happening.kind !== 'tasks_loading' && reported(happening));
  const tasks = kind === 'async' ? registerTasks((await loadTasks(taskFile)).tasks) : new Map();
  const parts = { tasks, hooks: {}, limits: { setupMs: 30_000, teardownMs: 5_000 }, taskFile };
  return new Executors([], { ...parts, clock: systemClock, report }).add('x', { kind, concurrency });
}

/** A file that tasks write to, removed after the test. */
export class Notes {
  readonly file: string;

  constructor() {
    const folder = mkdtempSync(join(tmpdir(), 'carillon-notes-'));
    this.file = join(folder, 'notes');
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  }

  get lines(): readonly string[] {
    const text = readFileSync(this.file, { encoding: 'utf8', flag: 'a+' });
    return text.split('\n').filter((line) => line !== '');
  }

  /** Waits until the file has `count` lines, and returns its lines. */
  async reach(count: number): Promise<readonly string[]> {
    return eventually(() => {
      const { lines } = this;
      if (lines.length < count) throw new Error(`${lines.length} of ${count} lines: ${lines.join(', ')}`);
      return lines;
    });
  }
}
