import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Duration, InvalidOptionsError, type TaskFunction } from '@carillon/core';
import { checkNames, inTime, systemClock, timerMs } from '@carillon/core/internal';
import { reasonOf } from './reason.js';
import { HOOK_NAMES, isHookName } from './tasks.js';

/** Tasks by name, as a module exports them. */
export interface LoadedTasks {
  readonly [name: string]: TaskFunction;
}

/**
 * The exports of a module of tasks. They can be spread into the options of a worker: `new Worker({ redis, ...(await loadTasks(file))
 * })`.
 */
export interface TaskModule {
  readonly tasks: LoadedTasks;
  /** Opens the resources of the tasks, like the option `setup` of a worker. */
  readonly setup?: (() => unknown) | undefined;
  /** Closes these resources, like the option `teardown` of a worker. */
  readonly teardown?: (() => unknown) | undefined;
}

export interface LoadOptions {
  /** How long the module and its imports may take to load; default: `'30s'`. */
  readonly timeout?: Duration | undefined;
}

/** How long a module may take to load by default, ms. */
export const LOAD_MS = 30_000;

/**
 * Loads the tasks of an ES module or a CommonJS module: its export `tasks`; else its default export, if that is an object; else every
 * function that it exports, by its name. It also returns the exports `setup` and `teardown`, which are not tasks. TypeScript is loaded
 * if Node.js does that by itself (22.18 and newer), or if NODE_OPTIONS names a loader. Node.js caches modules: a changed module is
 * loaded again only by another process or thread.
 * @param file a path, relative to the working directory, or a `file:` URL @throws InvalidOptionsError if the file does not exist,
 * cannot be loaded, does not finish loading in time, or exports no tasks; if its `setup` or `teardown` is not a function, or is the
 * name of one of its `tasks`
 */
export async function loadTasks(file: string | URL, options: LoadOptions = {}): Promise<TaskModule> {
  checkNames(options, ['timeout'], 'loadTasks');
  const timeoutMs = options.timeout === undefined ? LOAD_MS : timerMs(options.timeout, 'timeout');
  const url = taskFileUrl(file);
  const path = fileURLToPath(url);
  const exports = await inTime(systemClock, timeoutMs, load(url, path), () => {
    // Such as one that imports itself in a circle with top-level awaits.
    const late = `${path} has not finished loading after ${timeoutMs / 1_000} s`;
    return new InvalidOptionsError(`${late}: a top-level await in it, or in what it imports, still waits`);
  });
  const tasks = tasksOf(exports, path);
  const names = Object.keys(tasks);
  const wrong = names.find((name) => typeof tasks[name] !== 'function');
  if (wrong !== undefined) throw new InvalidOptionsError(`${path}: task ${JSON.stringify(wrong)} is not a function`);
  const [setup, teardown] = HOOK_NAMES.map((name) => hookOf(exports, name, path));
  if (names.length > 0) return { tasks: tasks as LoadedTasks, setup, teardown };
  throw new InvalidOptionsError(
    `${path} exports no tasks: give it \`export const tasks = { 'my.task': async () => {} }\``,
  );
}

const files = new WeakMap<object, string>();

/** The path of the module from which a `setup` or `teardown` was loaded. */
export function fileOf(hook: object): string | undefined {
  return files.get(hook);
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

interface Exports {
  readonly [name: string]: unknown;
}

/** The task map of a module's exports. */
function tasksOf(exports: Exports, path: string): Exports {
  const { tasks, default: standard } = exports;
  // What CommonJS exports is the default export, and may itself have one called `tasks`.
  const map = isMap(tasks) ? tasks : isMap(standard) && isMap(standard.tasks) ? standard.tasks : undefined;
  if (!map) {
    const all = isMap(standard) ? standard : functionsOf(exports);
    return Object.fromEntries(Object.entries(all).filter(([name]) => !isHookName(name)));
  }
  const wrong = Object.keys(map).find(isHookName);
  if (wrong === undefined) return map;
  throw new InvalidOptionsError(
    `${path}: no task can be named ${JSON.stringify(wrong)}: if it opens or closes the resources of tasks, export it next to \`tasks\`; else give the task another name`,
  );
}

function functionsOf(exports: Exports): Exports {
  return Object.fromEntries(
    Object.entries(exports).filter(([name, value]) => name !== 'default' && typeof value === 'function'),
  );
}

/** An export of this name, or a member of the default export, as in CommonJS. */
function hookOf(exports: Exports, name: string, path: string): (() => unknown) | undefined {
  const { default: standard } = exports;
  const found = [exports[name], isMap(standard) ? standard[name] : undefined].filter((one) => one !== undefined);
  const [hook] = found;
  if (hook === undefined) return undefined;
  if (typeof hook !== 'function') {
    throw new InvalidOptionsError(
      `${path}: its export ${JSON.stringify(name)} is not a function: give it another name`,
    );
  }
  if (found.some((other) => other !== hook)) {
    throw new InvalidOptionsError(`${path} exports ${JSON.stringify(name)} twice: remove one of them`);
  }
  files.set(hook, path);
  return hook as () => unknown;
}

function isMap(value: unknown): value is Exports {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function load(url: URL, path: string): Promise<Exports> {
  try {
    return (await import(url.href)) as Exports;
  } catch (error) {
    throw new InvalidOptionsError(`${path} cannot be loaded: ${whyOf(error)}`, { cause: error });
  }
}

function whyOf(error: unknown): string {
  if ((error as NodeJS.ErrnoException | undefined)?.code !== 'ERR_UNKNOWN_FILE_EXTENSION') return reasonOf(error);
  return `Node.js ${process.versions.node} does not load such files: for TypeScript use 22.18 or newer, compile the file, or name a loader in NODE_OPTIONS`;
}
