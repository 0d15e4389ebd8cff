import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutorKind, JsonValue } from '@carillon/core';
import { type Happening, type RunPayload, type SlotShare, systemChance, systemClock } from '@carillon/core/internal';
import { loadTasks } from '@carillon/worker';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { type CurrentRun, currentRunOf } from '../../packages/worker/src/current-run.js';
import { type Executor, Executors } from '../../packages/worker/src/executors/executors.js';
import type { Outcome } from '../../packages/worker/src/executors/outcome.js';
import type { TaskRunner } from '../../packages/worker/src/executors/task-runner.js';
import { RunCalls } from '../../packages/worker/src/run-calls.js';
import { RunScheduler } from '../../packages/worker/src/run-scheduler.js';
import { registerTasks } from '../../packages/worker/src/tasks.js';
import { eventually } from './eventually.js';

export const EXECUTOR_TASKS = new URL('./processes/executor-tasks.js', import.meta.url);
export const FIRE_TIME = new Date('2026-03-29T01:00:00Z');

export type Call = Pick<RunPayload, 'task'> & Partial<Omit<RunPayload, 'task'>>;

/** A way to run tasks, closed after the test; what it logs, tells and reports. */
export class Bench {
  readonly runner: TaskRunner;
  readonly #slots: SlotShare;
  readonly logged: { readonly [member: string]: JsonValue }[] = [];
  readonly progress: JsonValue[] = [];
  readonly happenings: Happening[] = [];
  readonly #logger = pino({ level: 'info' }, { write: (line: string) => void this.logged.push(JSON.parse(line)) });
  #runs = 0;

  private constructor(executor: (bench: Bench) => Executor) {
    const { runner, slots } = executor(this);
    this.runner = runner;
    this.#slots = slots.join();
    onTestFinished(() => this.runner.close());
  }

  static async of(kind: ExecutorKind, concurrency = 2, taskFile = EXECUTOR_TASKS): Promise<Bench> {
    const tasks = kind === 'async' ? registerTasks(await loadTasks(taskFile)) : new Map();
    return new Bench((bench) => {
      const report = (happening: Happening) => void bench.happenings.push(happening);
      const parts = { tasks, taskFile, clock: systemClock, report };
      return new Executors([], parts).add('x', { kind, concurrency });
    });
  }

  /** Runs a task for a fire time, once a slot is free, by `run.signal` where one is given. */
  async run({ task, args = [], ...rest }: Call, run: Partial<CurrentRun> = {}): Promise<Outcome> {
    this.#runs++;
    const runId = `run-${this.#runs}`;
    const fields = { runId, executionId: `${runId}.0`, jobId: 'job', jobStore: 'default' };
    const logger = run.logger ?? this.#logger.child({ runId });
    const given = { ...fields, scheduledRunTime: FIRE_TIME, attempt: 1, signal: new AbortController().signal, ...run };
    const calls = new RunCalls(() => Promise.reject(new Error('there is no job store')));
    const { jobStore } = given;
    const parts = { runId: given.runId, jobStore, calls, clock: systemClock, chance: systemChance, logger };
    const { current, end } = currentRunOf({ scheduler: new RunScheduler(parts), ...given, logger }, (json) => {
      this.progress.push(JSON.parse(json));
    });
    const slot = await this.#slots.take();
    const outcome = await this.runner.run({ task, args, ...rest }, current, calls);
    slot?.release();
    end();
    return outcome;
  }

  /** What a task came to that is expected to return. */
  async value(call: Call): Promise<JsonValue> {
    const outcome = await this.run(call);
    if (outcome.outcome === 'executed') return JSON.parse(outcome.json);
    throw new Error(`it did not return: ${JSON.stringify(outcome)}`);
  }
}

/** A file that tasks write to, gone after the test. */
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

  /** Waits until so many lines are there. */
  async reach(count: number): Promise<readonly string[]> {
    return eventually(() => {
      const { lines } = this;
      if (lines.length < count) throw new Error(`${lines.length} of ${count} lines: ${lines.join(', ')}`);
      return lines;
    });
  }
}
