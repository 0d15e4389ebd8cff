import { readFileSync } from 'node:fs';

/** What a task wrote down of one of its calls, when it began or when it ended. */
export interface Entry {
  readonly what: 'began' | 'ended';
  readonly at: number;
  readonly executionId: string;
  readonly jobId: string;
  readonly fireTime: number;
  readonly attempt: number;
  readonly workerId: string;
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

  /** The ids of the workers that ran anything to its end. */
  get workers(): readonly string[] {
    return [...new Set(this.ended.map(({ workerId }) => workerId))].sort();
  }
}
