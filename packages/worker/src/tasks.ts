import { InvalidOptionsError, type TaskFunction } from '@carillon/core';
import { taskNameSchema } from '@carillon/core/internal';

/** The tasks of a worker by name. */
export type TaskFunctions = ReadonlyMap<string, TaskFunction>;

/** @throws InvalidOptionsError if a name or a value is wrong. */
export function registerTasks(tasks: object): TaskFunctions {
  const registry = new Map<string, TaskFunction>();
  for (const [name, task] of Object.entries(tasks)) {
    const checked = taskNameSchema.safeParse(name);
    if (!checked.success) {
      throw new InvalidOptionsError(`tasks: ${JSON.stringify(name)} ${checked.error.issues[0]?.message}`);
    }
    if (typeof task !== 'function') throw new InvalidOptionsError(`tasks: ${JSON.stringify(name)} is not a function`);
    registry.set(name, task);
  }
  return registry;
}
