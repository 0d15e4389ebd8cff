import { z } from 'zod';
import type { JsonObject } from '../json.js';

/** The contract of a task's arguments: a JSON Schema of all of them, as a list. */
export type ArgumentsContract = JsonObject;

/** The contracts of a worker's tasks, by task. A task without a contract takes any arguments. */
export interface Contracts {
  readonly [task: string]: ArgumentsContract;
}

/** The most bytes of JSON of one contract, and of all contracts of a worker: a worker sends them with each heartbeat. */
const MOST_OF_ONE = 8 * 1024;
const MOST_OF_ALL = 32 * 1024;

/** The contracts that a worker publishes, and the ones that it leaves out, with the reason. */
export interface BoundedContracts {
  readonly contracts: Contracts;
  readonly tooLong: readonly { readonly task: string; readonly why: string }[];
}

/** Leaves out the contracts that are too long to show. */
export function boundedContracts(all: ReadonlyMap<string, ArgumentsContract>): BoundedContracts {
  const contracts: { [task: string]: ArgumentsContract } = {};
  const tooLong: { task: string; why: string }[] = [];
  let length = 0;
  for (const [task, contract] of all) {
    const ofOne = JSON.stringify(contract).length;
    const why = whyTooLong(ofOne, length);
    if (why !== undefined) {
      tooLong.push({ task, why });
      continue;
    }
    contracts[task] = contract;
    length += ofOne;
  }
  return { contracts, tooLong };
}

function whyTooLong(ofOne: number, ofOthers: number): string | undefined {
  if (ofOne > MOST_OF_ONE) return `its JSON Schema is ${kibibytes(ofOne)} long; at most ${kibibytes(MOST_OF_ONE)}`;
  if (ofOthers + ofOne <= MOST_OF_ALL) return undefined;
  return `the JSON Schemas of this worker are longer than ${kibibytes(MOST_OF_ALL)} together`;
}

const kibibytes = (length: number) => `${Math.ceil(length / 1024)} KiB`;

/** Reads the contracts that a worker publishes. A contract that is not an object is left out: it refuses nothing. */
export const contractsSchema = z
  .record(z.string(), z.unknown())
  .transform((all): Contracts => Object.fromEntries(Object.entries(all).filter(isContract)))
  .catch({});

function isContract(entry: [string, unknown]): entry is [string, ArgumentsContract] {
  const [, contract] = entry;
  return typeof contract === 'object' && contract !== null && !Array.isArray(contract);
}
