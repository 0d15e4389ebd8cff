import { InvalidOptionsError, type TaskFunction } from '@carillon/core';
import { taskNameSchema } from '@carillon/core/internal';

const EMPTY = 'there are none: give an object of functions by name, such as { greet: (name: string) => name }';
const METHODS =
  'an instance of a class whose functions are methods has none of its own: name those that are tasks, such as { report: () => service.report() }';

/** The tasks of a worker by name. */
export type TaskFunctions = ReadonlyMap<string, TaskFunction>;

/** @throws InvalidOptionsError if a name or a value is wrong, or there is none. */
export function registerTasks(tasks: object): TaskFunctions {
  const registry = new Map<string, TaskFunction>();
  const entries = Object.entries(tasks);
  if (entries.length === 0) throw new InvalidOptionsError(`tasks: ${isInstance(tasks) ? METHODS : EMPTY}`);
  for (const [name, task] of entries) {
    const checked = taskNameSchema.safeParse(name);
    if (!checked.success) {
      throw new InvalidOptionsError(`tasks: ${JSON.stringify(name)} ${checked.error.issues[0]?.message}`);
    }
    if (typeof task !== 'function') throw new InvalidOptionsError(`tasks: ${JSON.stringify(name)} is not a function`);
    registry.set(name, task);
  }
  return registry;
}

function isInstance(tasks: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(tasks);
  return prototype !== null && prototype !== Object.prototype;
}
