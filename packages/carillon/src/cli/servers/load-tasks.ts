import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TaskFunction } from '@carillon/core';
import { UsageError } from '../exit-codes.js';

export type Tasks = { readonly [name: string]: TaskFunction };

/**
 * The tasks of a module: its export `tasks`; else its default export, if that is an object; else every function that it
 * exports, by its name.
 * @throws UsageError
 */
export async function loadTasks(path: string): Promise<Tasks> {
  const file = resolve(path);
  if (!existsSync(file)) throw new UsageError(`--tasks: there is no file ${file}`);
  const tasks = tasksOf(await load(file));
  const names = Object.keys(tasks);
  const wrong = names.find((name) => typeof tasks[name] !== 'function');
  if (wrong !== undefined) throw new UsageError(`--tasks: ${file}: task ${JSON.stringify(wrong)} is not a function`);
  if (names.length > 0) return tasks as Tasks;
  throw new UsageError(
    `--tasks: ${file} exports no tasks: give it \`export const tasks = { 'my.task': async () => {} }\``,
  );
}

/** The task map of a module's exports. */
export function tasksOf(exports: { readonly [name: string]: unknown }): { readonly [name: string]: unknown } {
  const { tasks, default: standard } = exports;
  if (isMap(tasks)) return tasks;
  // What CommonJS exports is the default export, and may itself have one called `tasks`.
  if (isMap(standard)) return isMap(standard.tasks) ? standard.tasks : standard;
  return Object.fromEntries(
    Object.entries(exports).filter(([name, value]) => name !== 'default' && typeof value === 'function'),
  );
}

function isMap(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function load(file: string): Promise<{ readonly [name: string]: unknown }> {
  try {
    return (await import(pathToFileURL(file).href)) as { readonly [name: string]: unknown };
  } catch (error) {
    throw new UsageError(`--tasks: ${file} cannot be loaded: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ((error as NodeJS.ErrnoException).code === 'ERR_UNKNOWN_FILE_EXTENSION') {
    return `Node.js ${process.versions.node} does not load such files: for TypeScript take 22.18 or newer, compile it, or name a loader in NODE_OPTIONS`;
  }
  const [at] = /(file:\/\/|\/)\S+:\d+/.exec(error.stack ?? '') ?? [];
  const message = error.message.replace(/\s*\n\s*/g, ' ');
  return `${error.name}: ${message}${at && !at.includes('node:') ? ` (${at})` : ''}`;
}
