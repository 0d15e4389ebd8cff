import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.js';

const PROGRAM = fileURLToPath(new URL('../support/processes/in-memory.js', import.meta.url));

const GUARD = new URL('../support/processes/no-redis-packages.js', import.meta.url).href;

/** Starts a process that keeps its jobs in memory, and that fails if it loads a package of Redis. */
function run(args: readonly string[], stderr: 'inherit' | 'ignore' = 'inherit') {
  const argv = ['--import', GUARD, PROGRAM, ...args];
  const child: ChildProcess = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', stderr] });
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

test('nothing of Redis is loaded: neither its package nor a library of it; a process that names a Redis would', async () => {
  expect(await run(['1']).ended).toBe(0);
  expect(await run(['1', 'redis://127.0.0.1:1'], 'ignore').ended).toBe(1);
});

test('a process that was started goes on for its jobs, and ends once it is shut down', async () => {
  const { ended, lines } = run(['2']);
  expect(await ended).toBe(0);
  expect([...new Set(lines())]).toEqual(['started', 'fired', 'shut down']);
});

test('one without jobs goes on until a signal ends it', async () => {
  const { child, ended, lines } = run([]);
  await eventually(() => expect(lines()).toEqual(['started']));
  child.kill('SIGTERM');
  expect(await ended).toBe('SIGTERM');
});
