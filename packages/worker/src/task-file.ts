import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Duration, InvalidOptionsError, type TaskFunction } from '@carillon/core';
import { checkNames, durationMs, systemClock } from '@carillon/core/internal';

/** Tasks by name, as a module exports them. */
export interface LoadedTasks {
  readonly [name: string]: TaskFunction;
}

export interface LoadOptions {
  /** How long the module, with all that it imports, may take to load; `'30s'` where it is left out. */
  readonly timeout?: Duration | undefined;
}

/** How long a module may take to load where nothing else is said, ms. */
export const LOAD_MS = 30_000;

/**
 * The tasks of a module, ES module or CommonJS: its export `tasks`; else its default export, if that is an object; else every
 * function that it exports, by its name. TypeScript is loaded where Node.js does that by itself (22.18 and newer), or by a
 * loader that is named in NODE_OPTIONS.
 * @param file a path, from the working directory on, or a `file:` URL
 * @throws InvalidOptionsError if there is no such file, it cannot be loaded, has not finished loading in time, or exports no tasks.
 * Node.js keeps a module as it is: only another process, or thread, loads it again
 */
export async function loadTasks(file: string | URL, options: LoadOptions = {}): Promise<LoadedTasks> {
  checkNames(options, ['timeout'], 'loadTasks');
  const timeoutMs = options.timeout === undefined ? LOAD_MS : durationMs(options.timeout, 'timeout');
  const url = taskFileUrl(file);
  const path = fileURLToPath(url);
  const tasks = tasksOf(await inTime(load(url, path), path, timeoutMs));
  const names = Object.keys(tasks);
  const wrong = names.find((name) => typeof tasks[name] !== 'function');
  if (wrong !== undefined) throw new InvalidOptionsError(`${path}: task ${JSON.stringify(wrong)} is not a function`);
  if (names.length > 0) return tasks as LoadedTasks;
  throw new InvalidOptionsError(
    `${path} exports no tasks: give it \`export const tasks = { 'my.task': async () => {} }\``,
  );
}

/** @throws InvalidOptionsError if it does not name a file that exists. */
export function taskFileUrl(file: string | URL): URL {
  const isUrl = file instanceof URL || /^file:/.test(file);
  const url = isUrl ? new URL(file) : pathToFileURL(resolve(file));
  if (url.protocol !== 'file:') throw new InvalidOptionsError(`${url} is not a file: give a path or a file: URL`);
  const path = fileURLToPath(url);
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return url;
  throw new InvalidOptionsError(`there is no file ${path}`);
}

/** The task map of a module's exports. */
function tasksOf(exports: { readonly [name: string]: unknown }): { readonly [name: string]: unknown } {
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

async function load(url: URL, path: string): Promise<{ readonly [name: string]: unknown }> {
  try {
    return (await import(url.href)) as { readonly [name: string]: unknown };
  } catch (error) {
    throw new InvalidOptionsError(`${path} cannot be loaded: ${reasonOf(error)}`, { cause: error });
  }
}

/** A module that imports itself in a circle with top-level awaits, or waits for what never comes, would never be there. */
async function inTime<T>(loading: Promise<T>, path: string, ms: number): Promise<T> {
  let cancel = () => {};
  const late = new Promise<never>((_, reject) => {
    const why = `${path} has not finished loading after ${ms / 1_000} s: a top-level await in it, or in what it imports, still waits`;
    cancel = systemClock.after(ms, () => reject(new InvalidOptionsError(why)));
  });
  try {
    return await Promise.race([loading, late]);
  } finally {
    cancel();
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
