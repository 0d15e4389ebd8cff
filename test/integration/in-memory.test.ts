import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.js';

const PROGRAM = fileURLToPath(new URL('../support/processes/in-memory.js', import.meta.url));

/** A process that keeps its jobs in memory. */
function run(...args: string[]) {
  const child: ChildProcess = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close').then(() => child.signalCode ?? child.exitCode);
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { child, ended, lines: () => output.split('\n').filter((line) => line !== '') };
}

test('a process that was started goes on for its jobs, and ends once it is shut down', async () => {
  const { ended, lines } = run('2');
  expect(await ended).toBe(0);
  expect([...new Set(lines())]).toEqual(['started', 'fired', 'shut down']);
});

test('one without jobs goes on until a signal ends it', async () => {
  const { child, ended, lines } = run();
  await eventually(() => expect(lines()).toEqual(['started']));
  child.kill('SIGTERM');
  expect(await ended).toBe('SIGTERM');
});
