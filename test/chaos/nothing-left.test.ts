import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.js';

/** Returns the pids of the processes that a chaos recorded as started, stopped or thawed. */
function noted(dir: string, what: RegExp): number[] {
  const path = join(dir, 'processes');
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  return lines.filter((line) => what.test(line)).map((line) => Number(line.split(' ')[1]));
}

/** Returns the processes that are still stopped: a fault that meets no call thaws its worker and tries another. */
function stoppedNow(dir: string): number[] {
  const thawed = noted(dir, /^thawed/);
  const stopped = noted(dir, /^stopped/);
  for (const pid of thawed) stopped.splice(stopped.indexOf(pid), 1);
  return stopped;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // In a container, a dead process may stay as a zombie, as no parent reaps it.
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'utf8'));
}

test.each([
  ['SIGTERM', 1],
  ['SIGKILL', null],
] as const)('a chaos that ends by %s leaves no process behind, though one was stopped', async (signal, code) => {
  const dir = await mkdtemp(join(tmpdir(), 'carillon-chaos-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const program = ['scripts/run-typescript.js', 'test/chaos/main.ts', '--keep', dir, '--only', 'worker stopped'];
  const small = ['--jobs', '40', '--every', '500ms', '--size', '2', '--lease', '2s'];
  const child = spawn(process.execPath, [...program, ...small], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  const early = ended.then((how) => expect.fail(`the chaos ended (${how}) before any process was stopped`));
  await Promise.race([early, eventually(() => expect(stoppedNow(dir).filter(isAlive)).toHaveLength(1))]);
  const started = () => noted(dir, /^(redis|coordinator|worker)/);
  expect(started().filter(isAlive)).toHaveLength(5);
  child.kill(signal);
  expect(await ended).toEqual([code, code === null ? signal : null]);
  await eventually(() => expect(started().filter(isAlive)).toEqual([]));
  expect(existsSync(join(dir, 'redis'))).toBe(signal === 'SIGKILL');
});
