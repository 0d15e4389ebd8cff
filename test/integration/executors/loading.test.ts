import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { systemClock } from '@carillon/core/internal';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PoolRunner } from '../../../packages/worker/src/executors/pool-runner.js';
import { LazyAbort } from '../../../packages/worker/src/lazy-abort.js';
import { RunCalls } from '../../../packages/worker/src/run-calls.js';
import { eventually } from '../../support/eventually.js';
import { silent } from '../../support/in-process.js';

/** Writes a module that imports another one, in a directory of its own. Returns what runs its tasks. */
function running(kind: 'thread' | 'process', loadMs?: number) {
  const dir = mkdtempSync(join(tmpdir(), 'carillon-tasks-'));
  const file = join(dir, 'tasks.mjs');
  writeFileSync(file, "import './needed.mjs'; export const tasks = { ping: () => 'pong' };");
  const died: Error[] = [];
  const onIdleDeath = (error: Error) => void died.push(error);
  const taskFile = pathToFileURL(file);
  const limits = { setupMs: 30_000, teardownMs: 5_000 };
  const reported = { onIdleDeath, onSlowLoad: () => {}, onTeardownFailure: onIdleDeath, onSchemas: () => {} };
  const runner = new PoolRunner({ kind, concurrency: 1, taskFile, limits, clock: systemClock, loadMs, ...reported });
  onTestFinished(async () => {
    await runner.close();
    rmSync(dir, { recursive: true });
  });
  const fields = { runId: 'r', executionId: 'r.0', jobId: null, jobStore: 'default', scheduledRunTime: new Date(0) };
  const execution = { ...fields, attempt: 1, logger: silent, onProgress: () => {} } as never;
  const calls = new RunCalls(() => Promise.reject(new Error('there is no job store')));
  const run = async () => runner.run({ payload: { task: 'ping', args: [] }, execution, calls, stop: new LazyAbort() });

  const needs = (source: string) => writeFileSync(join(dir, 'needed.mjs'), source);
  return { died, needs, run, runner };
}

const KINDS = ['thread', 'process'] as const;

/** Sources that keep a module from loading, and the error of its run. */
const FAULTS: readonly (readonly [string, RegExp])[] = [
  ["import './nowhere.mjs';", /nowhere\.mjs/],
  ["throw new Error('the database is away');", /the database is away/],
  ['process.exit(3);', /died/],
];
const HANGS: readonly (readonly [string, RegExp])[] = [
  ['await new Promise((resolve) => setTimeout(resolve, 1e6));', /has not finished loading after 3 s: /],
  ['while (true);', /has not finished loading after 3 s: it blocks the event loop/],
];

describe('a module of tasks, in a thread or child process', () => {
  it.each([
    ['was not loaded, itself or by what it imports,', FAULTS, undefined],
    // Longer than a thread or process takes to start on a busy machine.
    ['never finishes loading is an error, and', HANGS, 3_000],
  ])('that %s is loaded again for the next run, and is reported meanwhile', async (_, faults, loadMs) => {
    const proven = KINDS.map(async (kind) => {
      const { needs, run, runner, died } = running(kind, loadMs);
      expect(runner.unserved).toBeNull();
      const began = Date.now();
      for (const [fault, why] of faults) {
        needs(fault);
        expect(await run(), fault).toMatchObject({ outcome: 'error', error: { message: expect.stringMatching(why) } });
        expect(runner.unserved, fault).toMatchObject({ reason: 'tasks_not_loaded', why: expect.stringMatching(why) });
        expect(runner.unserved?.since).toBeGreaterThanOrEqual(began - 1);
      }
      needs('');
      // On a busy machine, loading may take longer than is allowed.
      await eventually(async () => expect(await run()).toEqual({ outcome: 'executed', json: '"pong"' }));
      expect(runner.unserved).toBeNull();
      needs('is loaded');
      expect(await run()).toEqual({ outcome: 'executed', json: '"pong"' });
      expect(died).toEqual([]);
    });
    await Promise.all(proven);
  });
});
