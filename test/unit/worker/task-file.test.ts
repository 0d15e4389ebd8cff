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
    ['a default export that is a function is no map, and has no name', `${A} export { b }; export default a;`, ['b']],
    ['what CommonJS exports', `${A} module.exports = { a, b };`, ['a', 'b'], 'cjs'],
    ['its member `tasks`', `${A} exports.tasks = { a };`, ['a'], 'cjs'],
  ])('%s', async (_, text, names, extension = 'mjs') => {
    const tasks = await loadTasks(file(text, extension));
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
      expect(Object.keys(await loadTasks(one))).toEqual(['a']);
    }
  });

  it.each([
    ['no file', () => join(folder, 'nowhere.js'), /^there is no file .*nowhere\.js$/],
    ['a folder', () => folderOf('some'), /^there is no file .*some$/],
    ['an address elsewhere', () => new URL('https://example.org/tasks.js'), /is not a file: give a path/],
    ['no tasks', () => file('export const version = 3;'), /exports no tasks: give it/],
    ['a task that is none', () => file('export const tasks = { a: 1 };'), /task "a" is not a function$/],
    ['a mistake', () => file('export const tasks = {'), /cannot be loaded: /],
  ])('are none of %s', async (_, name, message) => {
    const failure = await loadTasks(name()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InvalidOptionsError);
    expect((failure as Error).message).toMatch(message);
  });
});

function folderOf(name: string): string {
  mkdirSync(join(folder, name));
  return join(folder, name);
}
