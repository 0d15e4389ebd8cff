import { executionText, submissionText } from '../event/run-texts.js';
import type { NewRun } from '../ports/ledger.js';
import type { EventBody } from './message.js';

type Submission = Pick<NewRun, 'fires' | 'coalesced' | 'asked' | 'by'>;

// The log keeps these parts of a run, for thousands of runs. It does not keep the record, whose payload may be large.

/** A run as it was submitted. */
export class SubmittedBody implements EventBody {
  readonly valueLength = 0;
  readonly #label: string;
  readonly #submission: Submission;

  constructor(label: string, { fires, coalesced, asked, by }: Submission) {
    this.#label = label;
    this.#submission = { fires, coalesced, asked, by };
  }

  get text(): string {
    return `${this.#label},${submissionText(this.#submission)}`;
  }
}

export class StartedBody implements EventBody {
  readonly valueLength = 0;
  readonly #label: string;
  readonly #workerId: string;
  readonly #attempt: number;

  constructor(label: string, workerId: string, attempt: number) {
    this.#label = label;
    this.#workerId = workerId;
    this.#attempt = attempt;
  }

  get text(): string {
    return `${this.#label},"workerId":${JSON.stringify(this.#workerId)},"attempt":${this.#attempt}`;
  }
}

/** An execution, as its worker settles it. */
interface Execution {
  readonly runId: string;
  readonly index: number;
  readonly fireTime: number;
  /** JSON. */
  readonly value: string;
}

export class ExecutedBody implements EventBody {
  readonly #label: string;
  readonly #execution: Execution;

  constructor(label: string, execution: Execution) {
    this.#label = label;
    this.#execution = execution;
  }

  get valueLength(): number {
    return this.#execution.value.length;
  }

  get text(): string {
    const { runId, index, fireTime, value } = this.#execution;
    return `${executionText(this.#label, runId, index, fireTime)},"value":${value}`;
  }
}
