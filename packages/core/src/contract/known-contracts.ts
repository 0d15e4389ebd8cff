import { type ArgumentIssue, InvalidArgumentsError } from '../errors.js';
import type { JsonObject, JsonValue } from '../json.js';
import type { StoreLook } from '../ports/store-look.js';
import { servingWorkers } from '../run/task-places.js';
import type { Contracts } from './published.js';
import type { Validate } from './validator.js';

/** What a task is to be called with. */
export interface CheckedCall {
  readonly task: string;
  readonly executor: string;
  readonly args: readonly JsonValue[];
  readonly kwargs?: JsonObject | undefined;
}

type ValidatorOf = (contract: Contracts[string]) => Validate;

/** What the workers of a job store accepted when it was looked at. */
export class KnownContracts {
  readonly #look: Pick<StoreLook, 'now' | 'workers'>;
  readonly #validatorOf: ValidatorOf;
  /** By executor and task. Empty: any arguments are accepted. */
  readonly #validators = new Map<string, readonly Validate[]>();

  constructor(look: Pick<StoreLook, 'now' | 'workers'>, validatorOf: ValidatorOf) {
    this.#look = look;
    this.#validatorOf = validatorOf;
  }

  /**
   * What is wrong with the arguments of a call; empty: nothing. In a deployment that is under way, one living worker that accepts them is enough. Where no
   * living worker of the executor has the task, nothing is known, and nothing is wrong.
   */
  issuesOf({ task, executor, args, kwargs }: CheckedCall): readonly ArgumentIssue[] {
    const validators = this.#validatorsOf(executor, task);
    if (validators.length === 0) return [];
    const list = kwargs === undefined ? args : [...args, kwargs];
    let first: readonly ArgumentIssue[] = [];
    for (const validate of validators) {
      const issues = validate(list);
      if (issues.length === 0) return issues;
      if (first.length === 0) first = issues;
    }
    return first;
  }

  /** @param what is called, for the message. @throws InvalidArgumentsError */
  check(call: CheckedCall, what = () => `task ${JSON.stringify(call.task)}`): void {
    const issues = this.issuesOf(call);
    if (issues.length > 0) throw new InvalidArgumentsError(issues, { of: what() });
  }

  #validatorsOf(executor: string, task: string): readonly Validate[] {
    const key = `${executor} ${task}`;
    const known = this.#validators.get(key);
    if (known) return known;
    const having = servingWorkers(this.#look, executor).filter(({ tasks }) => tasks.includes(task));
    const contracts = having.map((worker) =>
      Object.hasOwn(worker.contracts, task) ? worker.contracts[task] : undefined,
    );
    // A worker without a contract takes any arguments.
    const isOpen = contracts.includes(undefined);
    const distinct = new Map(contracts.flatMap((one) => (one ? [[JSON.stringify(one), one]] : [])));
    const validators = isOpen ? [] : [...distinct.values()].map(this.#validatorOf);
    this.#validators.set(key, validators);
    return validators;
  }
}
