import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown, type TreeshakingOptions } from 'rolldown';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const processes = (name: string) => source(`./processes/${name}.js`);
const inside = (name: string) => source(`../../packages/worker/dist/executors/inside/${name}.js`);

const TASKS = Object.fromEntries(
  ['noting-tasks', 'executor-tasks', 'traced-tasks'].map((name) => [name, processes(name)]),
);
/** The programs of processes. The tasks stay in their own files, which the stacks of errors name. */
const SERVERS = {
  ...Object.fromEntries(['coordinator', 'worker', 'listener'].map((name) => [name, processes(name)])),
  ...TASKS,
};
/** What a thread or child process of a worker loads: it runs a small part of our packages. */
const INSIDE = {
  ...Object.fromEntries(['run-inside', 'orphan-watch'].map((name) => [name, inside(name)])),
  ...TASKS,
};

const slot = Symbol.for('carillon.test.programs');
const shared = globalThis as { [slot]?: Promise<string> | undefined };

/**
 * Packs the programs of `processes`, with the build and its dependencies, into few files, once for the whole run. A process
 * that loads several hundred modules takes three times as long to start, and tests start hundreds of processes.
 */
export default async function setup(): Promise<() => Promise<void>> {
  shared[slot] ??= pack();
  const folder = await shared[slot];
  process.env.CARILLON_TEST_PROGRAMS = join(folder, 'dist', 'programs');
  return () => rm(folder, { recursive: true, force: true });
}

async function pack(): Promise<string> {
  const folder = await mkdtemp(source('../../node_modules/.programs-'));
  // As deep as the modules that find the scripts by their own place.
  const dir = join(folder, 'dist', 'programs');
  await packInto(dir, SERVERS, {});
  // The tasks are packed again, and loaded by these names: the servers import them by other names.
  await packInto(dir, INSIDE, { moduleSideEffects: false });
  await cp(source('../../packages/redis/lua'), join(folder, 'lua'), { recursive: true });
  const imports = { '#run-inside': './dist/programs/run-inside.js' };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', imports }));
  return folder;
}

async function packInto(dir: string, input: Record<string, string>, treeshake: TreeshakingOptions): Promise<void> {
  // Tinypool finds its own files beside its modules.
  const bundle = await rolldown({ input, platform: 'node', external: ['tinypool'], treeshake, logLevel: 'silent' });
  const names = { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' };
  await bundle.write({ dir, format: 'esm', ...names });
}
