import { ConnectionError, InvalidArgumentsError } from '../errors.js';
import type { Clock } from '../ports/clock.js';
import type { JobRecords } from '../ports/job-records.js';
import type { StoreLook } from '../ports/store-look.js';
import { inspectedWorkers } from '../scheduler/inspection.js';
import { KnownContracts } from './known-contracts.js';
import type { Contracts } from './published.js';
import type { Validate } from './validator.js';

/** How long what was read of the workers counts, ms. */
const LOOK_LIFE_MS = 3_000;

/** What is remembered of the workers of one job store. Clients in one process may share it. */
export class ContractMemory {
  at = Number.NEGATIVE_INFINITY;
  known: KnownContracts | undefined;
  /** By the JSON of their contracts. */
  validators = new Map<string, Validate>();
}

/** Checks the arguments of calls against the contracts that the workers of a job store publish. */
export class ContractClient {
  readonly #records: Pick<JobRecords, 'inspect'>;
  readonly #clock: Clock;
  readonly #memory: ContractMemory;
  #looking: Promise<KnownContracts> | undefined;

  constructor(records: Pick<JobRecords, 'inspect'>, clock: Clock, memory = new ContractMemory()) {
    this.#records = records;
    this.#clock = clock;
    this.#memory = memory;
  }

  /**
   * Does work that checks calls before it writes anything. Where what is remembered of the workers refuses a call, it looks at them again, and does the work again: a
   * worker that has joined meanwhile may accept the call.
   */
  async checking<Result>(work: (known: KnownContracts) => Promise<Result>): Promise<Result> {
    const remembered = this.#remembered;
    if (!remembered) return work(await this.#look());
    try {
      return await work(remembered);
    } catch (error) {
      if (!(error instanceof InvalidArgumentsError)) throw error;
      return work(await this.#look());
    }
  }

  /**
   * The same of a check that has nothing to wait for. undefined if by what is remembered of the workers, the calls are right.
   * @throws InvalidArgumentsError, by the promise
   */
  check(calls: (known: KnownContracts) => void): Promise<void> | undefined {
    const remembered = this.#remembered;
    if (remembered && accepts(remembered, calls)) return undefined;
    return this.checking(async (known) => calls(known));
  }

  get #remembered(): KnownContracts | undefined {
    const { at, known } = this.#memory;
    return Math.abs(this.#clock.now() - at) < LOOK_LIFE_MS ? known : undefined;
  }

  /** Calls at the same time share a look. */
  #look(): Promise<KnownContracts> {
    const looking = this.#looking ?? this.#lookNow();
    this.#looking = looking;
    const over = () => {
      if (this.#looking === looking) this.#looking = undefined;
    };
    looking.then(over, over);
    return looking;
  }

  async #lookNow(): Promise<KnownContracts> {
    const at = this.#clock.now();
    const look = await this.#records.inspect({ runs: 0, quarantined: 0 }).catch(noWorkers);
    const { known, validators } = await contractsIn(look, this.#memory.validators);
    Object.assign(this.#memory, { at, known, validators });
    return known;
  }
}

function accepts(known: KnownContracts, calls: (known: KnownContracts) => void): boolean {
  try {
    calls(known);
    return true;
  } catch (error) {
    if (error instanceof InvalidArgumentsError) return false;
    throw error;
  }
}

/**
 * Where something in the job store cannot be read, its workers alone check arguments: no call fails for what does not concern it.
 * @throws ConnectionError where Redis is not reached: the call itself would wait as long, and fail
 */
function noWorkers(error: unknown): Pick<StoreLook, 'now' | 'workers'> {
  if (error instanceof ConnectionError) throw error;
  return { now: 0, workers: [] };
}

/** What a look at a job store shows of contracts, and the validators of these, of which some may be there already. */
export async function contractsIn(
  look: Pick<StoreLook, 'now' | 'workers'>,
  there: ReadonlyMap<string, Validate> = new Map(),
): Promise<{ readonly known: KnownContracts; readonly validators: Map<string, Validate> }> {
  const contracts = inspectedWorkers(look.workers).flatMap((worker) => Object.values(worker.contracts));
  const validators = await validatorsOf(contracts, there);
  const validatorOf = (contract: Contracts[string]) => validators.get(JSON.stringify(contract)) ?? (() => []);
  return { known: new KnownContracts(look, validatorOf), validators };
}

/** The library is loaded where a worker publishes a contract. */
async function validatorsOf(
  contracts: readonly Contracts[string][],
  known: ReadonlyMap<string, Validate>,
): Promise<Map<string, Validate>> {
  if (contracts.length === 0) return new Map();
  const { validatorOf } = await import('./validator.js');
  const all = contracts.map((contract) => {
    const json = JSON.stringify(contract);
    return [json, known.get(json) ?? validatorOf(contract)] as const;
  });
  return new Map(all);
}
