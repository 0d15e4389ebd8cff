import { createHash } from 'node:crypto';
import { InvalidOptionsError } from '@carillon/core';
import { shown } from '@carillon/core/internal';

/** The names of a schedule in the cluster: the same in each process that runs the same script. */
export interface Identity {
  /** The job's id. */
  readonly key: string;
  /** The task's name. */
  readonly task: string;
  readonly name: string | undefined;
}

export interface Described {
  readonly name: string | undefined;
  readonly pattern: string;
  readonly timezone: string;
  /** The text of the function, or the file. */
  readonly text: string;
}

const TASK_NAME = /^[A-Za-z0-9_][A-Za-z0-9._:/-]{0,127}$/;
const RESERVED = ['setup', 'teardown'];
const MAX_NAME_LENGTH = 200;

/**
 * Names schedules. The name of an unnamed schedule is made from its pattern and the text of its function. Schedules of this process
 * with equal names are numbered in the order of their creation.
 */
export class Identities {
  readonly #taken = new Set<string>();

  take(described: Described): Identity {
    const { name } = described;
    if (name !== undefined && (typeof name !== 'string' || name.length > MAX_NAME_LENGTH)) {
      throw new InvalidOptionsError(
        `node-cron: name: ${shown(name)} is not a string of 1 to ${MAX_NAME_LENGTH} characters`,
      );
    }
    const first = name || `unnamed-${hashed(described)}`;
    let key = first;
    for (let number = 2; this.#taken.has(key); number++) key = `${first}#${number}`;
    this.#taken.add(key);
    const task = TASK_NAME.test(key) && !RESERVED.includes(key) ? key : `schedule-${hashed(key)}`;
    return { key, task, name: name || undefined };
  }

  free({ key }: Pick<Identity, 'key'>): void {
    this.#taken.delete(key);
  }
}

function hashed(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 16);
}
