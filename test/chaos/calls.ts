import { closeSync, openSync, readSync } from 'node:fs';

/** One call of a task, as the task recorded it. */
export interface Call {
  readonly pid: number;
  readonly runId: string;
  readonly executionId: string;
  /** null if the run was enqueued without a job. */
  readonly jobId: string | null;
  readonly fireTime: number;
  readonly attempt: number;
  readonly beganAt: number;
  /** null if it has not ended, or its process died first. */
  endedAt: number | null;
}

interface Began extends Omit<Call, 'beganAt' | 'endedAt'> {
  readonly what: 'began';
  readonly call: number;
  readonly at: number;
}

interface Stalled {
  readonly what: 'stalled';
  readonly at: number;
  readonly ms: number;
}

interface Ended {
  readonly what: 'ended';
  readonly call: number;
  readonly at: number;
}

/** The calls of tasks in one process, from the file in which it records them. */
export class CallLog {
  readonly calls: Call[] = [];
  /** When the process stalled by itself, ms. */
  readonly stalls: { readonly from: number; readonly to: number }[] = [];
  readonly #path: string;
  readonly #open = new Map<number, Call>();
  #read = 0;
  #rest = '';

  constructor(path: string) {
    this.#path = path;
  }

  /** Reads the lines since the last call. Returns the calls that have begun and not ended. */
  refresh(): readonly Call[] {
    const lines = (this.#rest + this.#news()).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#book(JSON.parse(line) as Began | Ended | Stalled);
    return [...this.#open.values()];
  }

  #book(line: Began | Ended | Stalled): void {
    if (line.what === 'stalled') {
      this.stalls.push({ from: line.at - line.ms, to: line.at });
      return;
    }
    if (line.what === 'ended') {
      const call = this.#open.get(line.call);
      if (call) call.endedAt = line.at;
      this.#open.delete(line.call);
      return;
    }
    const { what: _, call: number, at, ...reported } = line;
    const call = { ...reported, beganAt: at, endedAt: null };
    this.calls.push(call);
    this.#open.set(number, call);
  }

  #news(): string {
    const file = openSync(this.#path, 'a+');
    try {
      const buffer = Buffer.alloc(1 << 20);
      let text = '';
      for (;;) {
        const count = readSync(file, buffer, 0, buffer.length, this.#read);
        if (count === 0) return text;
        this.#read += count;
        text += buffer.toString('utf8', 0, count);
      }
    } finally {
      closeSync(file);
    }
  }
}
