import { InvalidOptionsError, type TaskFunction } from '@carillon/core';
import { taskNameSchema } from '@carillon/core/internal';

const EMPTY = 'there are no tasks: give an object of functions by name, such as { greet: (name: string) => name }';
const NAMED = 'name those that are tasks, such as { report: () => service.report() }';
const LIST = 'a list has no names: give an object of functions by name, such as { greet: (name: string) => name }';
const METHODS = `an instance of a class whose functions are methods has none of its own: ${NAMED}`;

/** Names that no task can have: under them, a module exports the functions that open and close the resources of its tasks. */
export const HOOK_NAMES = ['setup', 'teardown'] as const;
const WHOLE_MODULE =
  'this is a whole module: spread it into the options, such as { ...(await loadTasks(file)) }, or give its member tasks';

/** Whether a task cannot have this name. */
export function isHookName(name: string): boolean {
  return HOOK_NAMES.some((one) => one === name);
}

/** The tasks of a worker by name. */
export type TaskFunctions = ReadonlyMap<string, TaskFunction>;

/** @throws InvalidOptionsError if a name or a value is wrong, or there are no tasks. */
export function registerTasks(tasks: object): Map<string, TaskFunction> {
  const registry = new Map<string, TaskFunction>();
  const entries = Object.entries(tasks);
  const fault = faultOf(tasks, entries.length);
  if (fault) throw new InvalidOptionsError(`tasks: ${fault}`);
  for (const [name, task] of entries) registry.set(name, checkTask(name, task));
  return registry;
}

/** @throws InvalidOptionsError if the name or the value is wrong. */
export function checkTask(name: string, task: unknown): TaskFunction {
  const checked = taskNameSchema.safeParse(name);
  if (!checked.success) {
    throw new InvalidOptionsError(`tasks: ${JSON.stringify(name)} ${checked.error.issues[0]?.message}`);
  }
  if (isHookName(name)) {
    throw new InvalidOptionsError(
      `tasks: no task can be named ${JSON.stringify(name)}: if it opens or closes the resources of tasks, give it next to tasks, as the option ${name}; else give the task another name`,
    );
  }
  if (name === 'tasks' && typeof task === 'object') throw new InvalidOptionsError(`tasks: ${WHOLE_MODULE}`);
  if (typeof task !== 'function') throw new InvalidOptionsError(`tasks: ${JSON.stringify(name)} is not a function`);
  return task as TaskFunction;
}

/** What is wrong with an object of tasks as a whole: nothing of it is left out silently. */
function faultOf(tasks: object, own: number): string | undefined {
  if (tasks instanceof Promise) return 'a promise: await it, such as tasks: await tasks';
  if (Array.isArray(tasks) || tasks instanceof Map || tasks instanceof Set) return LIST;
  const [method] = methodsOf(tasks);
  if (own > 0) return method && `${JSON.stringify(method)} is a method of the class of this instance: ${NAMED}`;
  return method === undefined ? EMPTY : METHODS;
}

/** The functions that an object has from its class, or from the classes above it. */
function methodsOf(tasks: object): readonly string[] {
  const names: string[] = [];
  for (let one = above(tasks); one !== null && one !== Object.prototype; one = above(one)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(one))) {
      if (name !== 'constructor' && typeof value === 'function') names.push(name);
    }
  }
  return names;
}

const above = (one: object): object | null => Object.getPrototypeOf(one);
