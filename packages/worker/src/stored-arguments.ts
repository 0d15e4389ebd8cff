import type { TaskFunction } from '@carillon/core';
import { type Clock, callsOf, decodeJob, isFault, type JobRecords, type Report } from '@carillon/core/internal';
import { schemaOf } from './contract.js';
import { issueOf } from './schema-task.js';

export interface StoredArgumentsParts {
  readonly jobStore: string;
  readonly records: Pick<JobRecords, 'list' | 'liveRuns' | 'runs'>;
  /** The tasks of the worker, by name. */
  readonly tasks: ReadonlyMap<string, TaskFunction>;
  readonly clock: Clock;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** The most jobs, and the most owed runs, that it checks: all workers of a deployment do it at the same time. */
const MOST_JOBS = 10_000;
const MOST_RUNS = 1_000;
const PAGE = 500;
/** Between two pages, ms: nothing waits for this. */
const PAUSE_MS = 50;
const MOST_NAMED = 5;

interface Refused {
  readonly jobIds: Set<string>;
  readonly runIds: Set<string>;
  readonly why: string;
}

interface Call {
  readonly task: string;
  readonly args: readonly unknown[];
  readonly kwargs?: unknown;
}

/**
 * Compares stored arguments with the schemas of a worker's tasks when it starts, and reports those that the schemas refuse. It writes
 * nothing.
 */
export class StoredArguments {
  readonly #parts: StoredArgumentsParts;
  readonly #refused = new Map<string, Refused>();
  /** Tasks whose schema is asynchronous: it is not called thousands of times. */
  readonly #waiting = new Set<string>();

  constructor(parts: StoredArgumentsParts) {
    this.#parts = parts;
  }

  async compare(): Promise<void> {
    const { jobStore, tasks, report, signal } = this.#parts;
    if (![...tasks.values()].some(schemaOf)) return;
    this.#refused.clear();
    await this.#jobs();
    await this.#runs();
    if (signal.aborted) return;
    for (const [task, { jobIds, runIds, why }] of this.#refused) {
      const ids = { jobIds: [...jobIds].slice(0, MOST_NAMED), runIds: [...runIds].slice(0, MOST_NAMED) };
      report({ kind: 'arguments_refused', jobStore, task, jobs: jobIds.size, runs: runIds.size, ...ids, why });
    }
  }

  async #jobs(): Promise<void> {
    let cursor: string | null = null;
    let looked = 0;
    do {
      const page: Awaited<ReturnType<JobRecords['list']>> = await this.#parts.records.list({ limit: PAGE, cursor });
      for (const stored of page.jobs) {
        const definition = decodeJob(stored);
        if (!isFault(definition)) this.#look(definition, ({ jobIds }) => jobIds.add(stored.id));
      }
      looked += page.jobs.length;
      cursor = page.cursor;
      await this.#pause();
    } while (cursor !== null && looked < MOST_JOBS && !this.#parts.signal.aborted);
  }

  async #runs(): Promise<void> {
    const { records, signal } = this.#parts;
    let cursor = '0';
    let looked = 0;
    do {
      if (signal.aborted) return;
      const page = await records.liveRuns({ jobId: null, cursor });
      for await (const { runId, call } of callsOf(records, page.runIds.slice(0, MOST_RUNS - looked))) {
        this.#look(call, ({ runIds }) => runIds.add(runId));
      }
      looked += page.runIds.length;
      cursor = page.cursor;
      await this.#pause();
    } while (cursor !== '0' && looked < MOST_RUNS);
  }

  #look(call: Call, note: (refused: Refused) => void): void {
    const why = this.#whyRefused(call);
    if (why === undefined) return;
    const refused = this.#refused.get(call.task) ?? { jobIds: new Set(), runIds: new Set(), why };
    this.#refused.set(call.task, refused);
    note(refused);
  }

  #whyRefused({ task, args, kwargs }: Call): string | undefined {
    const callable = this.#parts.tasks.get(task);
    const schema = callable && schemaOf(callable);
    if (!schema || this.#waiting.has(task)) return undefined;
    try {
      const result = schema['~standard'].validate(kwargs === undefined ? [...args] : [...args, kwargs]);
      if (result instanceof Promise) {
        this.#waiting.add(task);
        result.catch(() => {});
        return undefined;
      }
      const [issue] = result.issues ?? [];
      if (!issue) return undefined;
      const { path, message } = issueOf(issue);
      return `${path}: ${message}`;
    } catch {
      // What it throws, the run shows.
      return undefined;
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => void this.#parts.clock.after(PAUSE_MS, resolve));
  }
}
