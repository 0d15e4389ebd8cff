import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ExecutorKind, JsonValue } from '@carillon/core';
import { type Happening, systemClock } from '@carillon/core/internal';
import { loadTasks } from '@carillon/worker';
import { onTestFinished } from 'vitest';
import { Executors } from '../../packages/worker/src/executors/executors.js';
import type { Outcome } from '../../packages/worker/src/executors/outcome.js';
import { stopSignalOf } from '../../packages/worker/src/lazy-abort.js';
import { RunCalls } from '../../packages/worker/src/run-calls.js';
import { registerTasks } from '../../packages/worker/src/tasks.js';
import { silent } from './in-process.js';
import { Notes } from './task-runners.js';

export interface ModuleExecutorOptions {
  readonly concurrency?: number;
  readonly setupMs?: number;
  readonly teardownMs?: number;
}

/** An executor with its own module of tasks in its own folder. In the module, `note(text)` writes to the file `NOTES`. */
export class ModuleExecutor {
  readonly folder = mkdtempSync(join(tmpdir(), 'carillon-tasks-'));
  readonly file = join(this.folder, 'tasks.mjs');
  /** The notes of the module, in order. */
  readonly notes = new Notes();
  /** What the executor reported, except that loading takes long, as it does on a busy machine. */
  readonly happenings: Happening[] = [];
  readonly #executors: Promise<Executors>;
  #runs = 0;

  constructor(
    kind: ExecutorKind,
    source: string,
    { concurrency = 2, setupMs = 30_000, teardownMs = 5_000 }: ModuleExecutorOptions = {},
  ) {
    const head = `import { appendFileSync } from 'node:fs';
      const NOTES = ${JSON.stringify(this.notes.file)};
      const note = (text) => appendFileSync(NOTES, text + '\\n');\n`;
    writeFileSync(this.file, head + source);
    const taskFile = pathToFileURL(this.file);
    const report = (happening: Happening) => {
      if (happening.kind !== 'tasks_loading') this.happenings.push(happening);
    };
    this.#executors = loadTasks(taskFile).then(({ tasks, ...hooks }) => {
      const parts = { tasks: registerTasks(tasks), hooks, limits: { setupMs, teardownMs }, taskFile };
      const executors = new Executors([], { ...parts, clock: systemClock, report });
      executors.add('x', { kind, concurrency });
      return executors;
    });
    onTestFinished(async () => {
      await this.close();
      rmSync(this.folder, { recursive: true });
    });
  }

  async run(task: string, args: readonly JsonValue[] = [], signal = new AbortController().signal): Promise<Outcome> {
    const [executor] = (await this.#executors).all;
    this.#runs++;
    const fields = { runId: `run-${this.#runs}`, executionId: `run-${this.#runs}.0`, jobId: null, jobStore: 'default' };
    const execution = { ...fields, scheduledRunTime: new Date(0), attempt: 1, logger: silent, onProgress: () => {} };
    const calls = new RunCalls(() => Promise.reject(new Error('there is no job store')));
    if (!executor) throw new Error('it was closed');
    return executor.runner.run({
      payload: { task, args },
      execution: execution as never,
      calls,
      stop: stopSignalOf(signal),
    });
  }

  /** Closes the executors as the worker does at its end. */
  async close(): Promise<void> {
    await (await this.#executors).close();
  }
}
