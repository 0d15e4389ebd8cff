import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InvalidOptionsError } from '@carillon/core';
import { loadTasks } from '@carillon/worker';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'carillon-task-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
function file(text: string, extension = 'mjs'): string {
  count++;
  const path = join(folder, `tasks-${count}.${extension}`);
  writeFileSync(path, text);
  return path;
}

const A = 'const a = () => "a"; const b = () => "b";';

describe('the tasks of a module', () => {
  it.each([
    ['the export `tasks`', `${A} export const tasks = { a }; export { b }; export default { b };`, ['a']],
    ['else the default export', `${A} export { b }; export default { a };`, ['a']],
    ['else every function that is exported', `${A} export { a, b }; export const version = 3;`, ['a', 'b']],
    [
      'a default export that is a function is not a map, and has no name',
      `${A} export { b }; export default a;`,
      ['b'],
    ],
    ['what CommonJS exports', `${A} module.exports = { a, b };`, ['a', 'b'], 'cjs'],
    ['its member `tasks`', `${A} exports.tasks = { a };`, ['a'], 'cjs'],
  ])('%s', async (_, text, names, extension = 'mjs') => {
    const { tasks } = await loadTasks(file(text, extension));
    expect(Object.keys(tasks)).toEqual(names);
    expect(Object.entries(tasks).map(([, task]) => task())).toEqual(names);
  });

  it('have to be there in time', async () => {
    const path = file('await new Promise(() => {}); export const a = () => {};');
    const late = loadTasks(path, { timeout: 20 });
    await expect(late).rejects.toThrow(InvalidOptionsError);
    await expect(late).rejects.toThrow(`${path} has not finished loading after 0.02 s: a top-level await in it`);
    await expect(loadTasks(path, { timeout: 'soon' as '1s' })).rejects.toThrow(InvalidOptionsError);
    await expect(loadTasks(path, { time: 1 } as object)).rejects.toThrow('timeout');
  });

  it('are those of a path, from the working directory on, or of a URL', async () => {
    const path = file(`${A} export { a };`);
    for (const one of [path, relative(process.cwd(), path), pathToFileURL(path), pathToFileURL(path).href]) {
      expect(Object.keys((await loadTasks(one)).tasks)).toEqual(['a']);
    }
  });

  it.each([
    ['no file', () => join(folder, 'nowhere.js'), /^there is no file .*nowhere\.js$/],
    ['a folder', () => folderOf('some'), /^there is no file .*some$/],
    ['an address elsewhere', () => new URL('https://example.org/tasks.js'), /is not a file: give a path/],
    ['no tasks', () => file('export const version = 3;'), /exports no tasks: give it/],
    ['a task that is not a function', () => file('export const tasks = { a: 1 };'), /task "a" is not a function$/],
    ['a mistake', () => file('export const tasks = {'), /cannot be loaded: /],
  ])('of %s are refused', async (_, name, message) => {
    const failure = await loadTasks(name()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InvalidOptionsError);
    expect((failure as Error).message).toMatch(message);
  });
});

const H = `${A} const setup = () => 'up'; const teardown = () => 'down';`;

describe('what opens and closes what the tasks of a module need', () => {
  it.each([
    ['is exported beside `tasks`', `${H} export const tasks = { a }; export { setup, teardown };`],
    ['is exported beside a default export', `${H} export default { a }; export { setup, teardown };`],
    ['is a member of the default export', `${H} export default { a, setup, teardown };`],
    [
      'is a member of the default export, and exported too',
      `${H} export default { a, setup }; export { setup, teardown };`,
    ],
    ['is exported beside functions', `${H} export { a, setup, teardown };`],
    ['is what CommonJS exports beside `tasks`', `${H} module.exports = { tasks: { a }, setup, teardown };`, 'cjs'],
    ['is what CommonJS exports beside functions', `${H} Object.assign(exports, { a, setup, teardown });`, 'cjs'],
  ])('%s', async (_, text, extension = 'mjs') => {
    const { tasks, setup, teardown } = await loadTasks(file(text, extension));
    expect([Object.keys(tasks), setup?.(), teardown?.()]).toEqual([['a'], 'up', 'down']);
  });

  it('may be left out, each by itself', async () => {
    expect(await loadTasks(file(`${H} export const tasks = { a };`))).toMatchObject({ setup: undefined });
    const { setup, teardown } = await loadTasks(file(`${H} export { a, teardown };`));
    expect([setup, teardown?.()]).toEqual([undefined, 'down']);
  });

  it.each([
    ['named as a task', `${H} export const tasks = { a, setup };`, /no task can be named "setup": .* next to `tasks`/],
    ['named as a task of CommonJS', `${H} module.exports = { tasks: { a, teardown } };`, /named "teardown"/, 'cjs'],
    ['no function', `${A} export { a }; export const setup = { port: 1 };`, /its export "setup" is not a function/],
    ['there twice', `${H} export { a, setup }; export default { a, setup: () => {} };`, /exports "setup" twice/],
    ['all that there is', `${H} export { setup, teardown };`, /exports no tasks: give it/],
  ])('is refused where it is %s', async (_, text, message, extension = 'mjs') => {
    const path = file(text, extension);
    const failure = await loadTasks(path).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InvalidOptionsError);
    expect((failure as Error).message).toMatch(message);
    expect((failure as Error).message.startsWith(path)).toBe(true);
  });
});

function folderOf(name: string): string {
  mkdirSync(join(folder, name));
  return join(folder, name);
}
