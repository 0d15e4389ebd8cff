import { readFileSync, writeFileSync } from 'node:fs';

/** What a task wrote down of one of its calls: when it began, when it ended, when it heard that it is to stop. */
export interface Entry {
  readonly what: 'began' | 'aborted' | 'ended';
  readonly at: number;
  readonly executionId: string;
  readonly jobId: string;
  readonly fireTime: number;
  readonly attempt: number;
  readonly workerId: string;
  /** Of the process that the task ran in; as `jobStore`, noted by noting tasks alone. */
  readonly pid?: number;
  readonly jobStore?: string;
  /** With what the signal was aborted. */
  readonly reason?: { readonly name: string; readonly code?: string };
}

/** The file in which tasks write down what they do, in the order in which they do it. Carillon knows nothing of it. */
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

  /** What was written of one execution, attempt after attempt; or of all executions of a job. */
  of(id: string | null): readonly Entry[] {
    return this.entries.filter(({ executionId, jobId }) => executionId === id || jobId === id);
  }

  /** Lets tasks go on that wait for this gate. */
  open(gate: string): void {
    writeFileSync(`${this.path}.${gate}`, '');
  }

  /** How many calls were under way at most at once, as far as the journal says. */
  static most(entries: readonly Entry[]): number {
    let [inside, most] = [0, 0];
    for (const { what } of entries) {
      if (what === 'began') inside++;
      if (what === 'ended') inside--;
      most = Math.max(most, inside);
    }
    return most;
  }

  /** The ids of the workers that ran anything to its end. */
  get workers(): readonly string[] {
    return [...new Set(this.ended.map(({ workerId }) => workerId))].sort();
  }
}
