import type { ArgumentsContract, Contracts } from '@carillon/core';
import { boundedContracts, type Report } from '@carillon/core/internal';
import { contractOf } from './contract.js';
import type { TaskFunctions } from './tasks.js';

/** What a worker publishes of the schemas of its tasks. */
export class PublishedContracts {
  readonly #tasks: TaskFunctions;
  readonly #report: Report;
  readonly #reported = new Set<string>();
  #all: Contracts | undefined;

  constructor(tasks: TaskFunctions, report: Report) {
    this.#tasks = tasks;
    this.#report = report;
  }

  /** Worked out when it is first asked for. */
  get all(): Contracts {
    this.#all ??= this.#gather();
    return this.#all;
  }

  /** The tasks have changed. */
  renew(): void {
    this.#all = undefined;
  }

  #gather(): Contracts {
    const found = new Map<string, ArgumentsContract>();
    for (const [task, callable] of this.#tasks) {
      const { jsonSchema, why } = contractOf(callable);
      if (jsonSchema) found.set(task, jsonSchema);
      if (why !== undefined) this.#notPublished(task, why);
    }
    const { contracts, tooLong } = boundedContracts(found);
    for (const { task, why } of tooLong) this.#notPublished(task, why);
    return contracts;
  }

  #notPublished(task: string, why: string): void {
    if (this.#reported.has(task)) return;
    this.#reported.add(task);
    this.#report({ kind: 'contract_not_published', task, why });
  }
}
