import { readFileSync, writeFileSync } from 'node:fs';

/** A task's note on one of its calls: when it began, when it ended, or when its signal was aborted. */
export interface Entry {
  readonly what: 'began' | 'aborted' | 'ended';
  readonly at: number;
  readonly executionId: string;
  readonly jobId: string;
  readonly fireTime: number;
  readonly attempt: number;
  readonly workerId: string;
  /** The id of the task's process. Only noting tasks note it and `jobStore`. */
  readonly pid?: number;
  readonly jobStore?: string;
  /** The reason with which the signal was aborted. */
  readonly reason?: { readonly name: string; readonly code?: string };
}

/** The file in which tasks note what they do, in order. Carillon does not know of it. */
export class Journal {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  get entries(): readonly Entry[] {
    const lines = readFileSync(this.path, { encoding: 'utf8', flag: 'a+' }).split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Entry);
  }

  get began(): readonly Entry[] {
    return this.entries.filter(({ what }) => what === 'began');
  }

  get ended(): readonly Entry[] {
    return this.entries.filter(({ what }) => what === 'ended');
  }

  get aborted(): readonly Entry[] {
    return this.entries.filter(({ what }) => what === 'aborted');
  }

  /** Returns the entries of one execution, attempt by attempt, or of all executions of a job. */
  of(id: string | null): readonly Entry[] {
    return this.entries.filter(({ executionId, jobId }) => executionId === id || jobId === id);
  }

  /** Opens a gate: the tasks that wait for it go on. */
  open(gate: string): void {
    writeFileSync(`${this.path}.${gate}`, '');
  }

  /** Returns the most calls that were under way at once, according to the journal. */
  static most(entries: readonly Entry[]): number {
    let [inside, most] = [0, 0];
    for (const { what } of entries) {
      if (what === 'began') inside++;
      if (what === 'ended') inside--;
      most = Math.max(most, inside);
    }
    return most;
  }

  /** The ids of the workers that ran a call to its end. */
  get workers(): readonly string[] {
    return [...new Set(this.ended.map(({ workerId }) => workerId))].sort();
  }
}
