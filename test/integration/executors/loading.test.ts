import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { systemClock } from '@carillon/core/internal';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PoolRunner } from '../../../packages/worker/src/executors/pool-runner.js';
import { RunCalls } from '../../../packages/worker/src/run-calls.js';
import { silent } from '../../support/in-process.js';

/** A module in a directory of its own, and what runs its tasks. */
function running(kind: 'thread' | 'process', source: string, loadMs?: number) {
  const dir = mkdtempSync(join(tmpdir(), 'carillon-tasks-'));
  const file = join(dir, 'tasks.mjs');
  writeFileSync(file, source);
  const died: Error[] = [];
  const onIdleDeath = (error: Error) => void died.push(error);
  const taskFile = pathToFileURL(file);
  const runner = new PoolRunner({ kind, concurrency: 1, taskFile, clock: systemClock, onIdleDeath, loadMs });
  onTestFinished(async () => {
    await runner.close();
    rmSync(dir, { recursive: true });
  });
  const fields = { runId: 'r', executionId: 'r.0', jobId: null, jobStore: 'default', scheduledRunTime: new Date(0) };
  const common = { ...fields, attempt: 1, logger: silent, progress: () => {} };
  const calls = new RunCalls(() => Promise.reject(new Error('there is no job store')));
  const run = () =>
    runner.run({ task: 'ping', args: [] }, { ...common, signal: new AbortController().signal } as never, calls);

  return { dir, died, run };
}

const FAILED = { outcome: 'error', error: { name: 'TaskFileError', code: 'TASK_FILE' } };

describe.each(['thread', 'process'] as const)('a module of tasks, in a %s', (kind) => {
  it('that failed to load, itself or by what it imports, is loaded again for the next run', async () => {
    const { dir, run, died } = running(kind, "import './needed.mjs'; export const tasks = { ping: () => 'pong' };");
    const needed = join(dir, 'needed.mjs');
    expect(await run()).toMatchObject(FAILED);
    writeFileSync(needed, "throw new Error('the database is away');");
    expect(await run()).toMatchObject({ error: { message: expect.stringContaining('the database is away') } });
    expect(await run()).toMatchObject(FAILED);
    writeFileSync(needed, '');
    expect(await run()).toEqual({ outcome: 'executed', json: '"pong"' });
    expect(await run()).toEqual({ outcome: 'executed', json: '"pong"' });
    expect(died).toEqual([]);
  });

  it('that never finishes loading is an error once its time is over, and the next run loads it again', async () => {
    const source = `import { existsSync } from 'node:fs';
      if (!existsSync(new URL('./ready', import.meta.url))) await new Promise((resolve) => setTimeout(resolve, 1e6));
      export const tasks = { ping: () => 'pong' };`;
    const { dir, run } = running(kind, source, 1_000);
    expect(await run()).toMatchObject({
      ...FAILED,
      error: { message: expect.stringContaining('has not finished loading after 1 s') },
    });
    writeFileSync(join(dir, 'ready'), '');
    expect(await run()).toEqual({ outcome: 'executed', json: '"pong"' });
  });
});
