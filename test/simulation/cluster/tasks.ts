import { RetryAtError, UnrecoverableError } from '@carillon/core';
import type { Clock } from '@carillon/core/internal';
import { currentRun } from '@carillon/worker';
import type { Play } from '../operations/intent.js';
import type { Transcript } from '../transcript.js';

/** One call of a task, as the task itself saw it. */
export interface TaskCall {
  readonly n: number;
  readonly process: string;
  readonly task: string;
  readonly executionId: string;
  readonly attempt: number;
  readonly play: Play;
  readonly startedAt: number;
  /** How long it takes if nothing aborts it, ms. */
  readonly ms: number;
  ended: 'returned' | 'threw' | 'aborted' | null;
}

/** Longer than any simulation. */
const NEVER_MS = 1e9;

/** The calls of all tasks, recorded by the tasks themselves, outside Carillon. */
export class TaskJournal {
  readonly calls: TaskCall[] = [];
  readonly #had = new Map<string, readonly string[]>();
  readonly #transcript: Transcript;
  readonly #trueClock: Clock;
  readonly #faults: { readonly isOver: boolean };

  constructor(transcript: Transcript, trueClock: Clock, faults: { readonly isOver: boolean }) {
    this.#transcript = transcript;
    this.#trueClock = trueClock;
    this.#faults = faults;
  }

  /** Returns the tasks of these names for the worker of a process, on its own clock. */
  tasksOf(process: string, clock: Clock, names: readonly string[]) {
    this.#had.set(process, names);
    const task = (name: string) => (play: Play) => this.#run(process, clock, name, play);
    return { ...Object.fromEntries(names.map((name) => [name, task(name)])), idle: () => {} };
  }

  /** Returns the tasks of the worker in a process; none if it is not a worker. */
  tasksIn(process: string): readonly string[] {
    return this.#had.get(process) ?? [];
  }

  /** Returns whether the worker in a process lacks a task. */
  lacks(process: string, task: string): boolean {
    return !this.tasksIn(process).includes(task);
  }

  async #run(process: string, clock: Clock, task: string, play: Play): Promise<{ readonly call: number }> {
    const { executionId, attempt, signal, progress } = currentRun();
    const startedAt = this.#trueClock.now();
    const call: TaskCall = {
      n: this.calls.length,
      process,
      task,
      executionId,
      attempt,
      play,
      startedAt,
      // Once faults are over, the rest of the runs must end soon.
      ms: play.hangs ? NEVER_MS : this.#faults.isOver ? Math.ceil(play.ms / 50) : play.ms,
      ended: null,
    };
    this.calls.push(call);
    this.#transcript.write(`   ${process} runs ${short(executionId)} (call ${call.n}, attempt ${attempt})`);
    if (call.n % 2 === 0) progress({ call: call.n });
    const wasAborted = await this.#work(clock, call, signal);
    call.ended = wasAborted ? 'aborted' : attempt <= play.fails ? 'threw' : 'returned';
    this.#transcript.write(`   ${process} ends ${short(executionId)} (call ${call.n}): ${call.ended}`);
    if (call.ended !== 'returned') throw failureOf(call, clock);
    return { call: call.n };
  }

  /** Resolves to whether its signal aborted it before it was done. */
  #work(clock: Clock, { ms, play: { deaf } }: TaskCall, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted && !deaf) return Promise.resolve(true);
    return new Promise((resolve) => {
      const onAbort = () => {
        cancel();
        resolve(true);
      };
      const cancel = clock.after(ms, () => {
        signal.removeEventListener('abort', onAbort);
        resolve(false);
      });
      if (!deaf) signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}

function failureOf({ n, ended, play: { says } }: TaskCall, clock: Clock): Error {
  const message = `call ${n} ${ended}`;
  if (ended !== 'threw' || says === null) return new Error(message);
  return says === 'never' ? new UnrecoverableError(message) : new RetryAtError(clock.now() + says, message);
}

function short(executionId: string): string {
  const [runId = '', index] = executionId.split('.');
  return `${runId.slice(0, 6)}.${index}`;
}
