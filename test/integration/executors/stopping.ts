import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { RunCancelledError } from '@carillon/core';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { Bench, type Call, Notes, shareExecutors } from '../../support/task-runners.js';

type Kind = 'thread' | 'process';

type Death = readonly [string, Call, RegExp];
const DEATHS: { readonly [kind in Kind]: readonly Death[] } = {
  thread: [['throws what no code catches', { task: 'uncaught' }, /died: OrderError: no code catches this$/]],
  process: [
    ['throws what no code catches', { task: 'uncaught' }, /died: it ended with exit code 1$/],
    ['crashes', { task: 'crash' }, /died: it ended with SIGABRT$/],
    ['is killed', { task: 'kill-itself' }, /died: it ended with SIGKILL$/],
  ],
};

/** Runs a task beside one that goes on. Returns the outcome of the first. */
async function besideNeighbour(bench: Bench, call: Call) {
  const notes = new Notes();
  const neighbour = bench.run({ task: 'tick', args: [notes.file, 25, 20] });
  await notes.reach(1);
  const outcome = await bench.run(call);
  await notes.reach(notes.lines.length);
  expect(await neighbour).toMatchObject({ outcome: 'executed', json: '"ticked"' });
  // All lines are from one place: the neighbour was not started again.
  expect(new Set(notes.lines).size).toBe(1);
  expect(notes.lines).toHaveLength(25);
  return outcome;
}

/** Expects that both places take runs. */
async function expectWhole(bench: Bench): Promise<void> {
  const { file } = new Notes();
  const places = await Promise.all([1, 2].map(() => bench.value({ task: 'meet', args: [file, 2] })));
  expect(new Set(places).size).toBe(2);
}

/** How executors of one kind stop a task and recover. Each kind has a file of its own, so both run side by side. */
export function stopsAndReplaces(kind: Kind): void {
  shareExecutors();
  describe(`a ${kind}`, () => stopping(kind));
}

function stopping(kind: Kind): void {
  it('is stopped in a busy loop when the time is up, and its neighbour goes on', async () => {
    const bench = await Bench.of(kind);
    const outcome = await besideNeighbour(bench, { task: 'busy', args: [new Notes().file], timeoutMs: 300 });
    expect(outcome).toMatchObject({ outcome: 'error', error: { name: 'RunTimeoutError', code: 'RUN_TIMEOUT' } });
    await expectWhole(bench);
    expect(bench.happenings).toEqual([]);
  });

  it('is stopped in a busy loop when its run is cancelled, or aborted', async () => {
    const bench = await Bench.of(kind);
    for (const [reason, outcome] of [
      [new RunCancelledError('cancelled'), 'cancelled'],
      [new Error('the lease was lost'), 'aborted'],
    ] as const) {
      const notes = new Notes();
      const abort = new AbortController();
      const running = bench.run({ task: 'busy', args: [notes.file] }, { signal: abort.signal });
      await notes.reach(1);
      abort.abort(reason);
      expect(await running).toEqual({ outcome });
    }
    await expectWhole(bench);
  });

  it.each<Death>([['ends itself', { task: 'exit', args: [3] }, /died: it ended with exit code 3$/], ...DEATHS[kind]])(
    'that %s is an error of that execution alone',
    async (_, call, message) => {
      const bench = await Bench.of(kind);
      const outcome = await besideNeighbour(bench, call);
      expect(outcome).toMatchObject({
        outcome: 'error',
        error: { name: 'ExecutorDiedError', code: 'EXECUTOR_DIED', message: expect.stringMatching(message) },
      });
      await expectWhole(bench);
      expect(bench.happenings).toEqual([]);
    },
  );

  it('that dies while the event loop of the worker is busy dies once, in its run', async () => {
    const bench = await Bench.of(kind);
    // The place is there already: the next run begins and dies while this process is busy.
    await bench.value({ task: 'nothing' });
    for (let time = 0; time < 2; time++) {
      const running = bench.run({ task: 'uncaught' });
      // Waits until the call is on its way.
      for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
      for (const until = performance.now() + 200; performance.now() < until; );
      expect(await running).toMatchObject({ error: { code: 'EXECUTOR_DIED' } });
      await bench.value({ task: 'nothing' });
    }
    expect(bench.happenings).toEqual([]);
  });

  it('that runs out of memory is an error of that execution alone', async () => {
    const before = process.env.NODE_OPTIONS;
    // New processes read the first setting, and new threads of this process the second.
    process.env.NODE_OPTIONS = '--max-old-space-size=64';
    if (kind === 'thread') setFlagsFromString('--max-old-space-size=64');
    try {
      const bench = await Bench.fresh(kind);
      const outcome = await besideNeighbour(bench, { task: 'out-of-memory' });
      expect(outcome).toMatchObject({
        error: { code: 'EXECUTOR_DIED', message: expect.stringMatching(/heap out of memory|SIGABRT/) },
      });
      await expectWhole(bench);
    } finally {
      if (before === undefined) delete process.env.NODE_OPTIONS;
      else process.env.NODE_OPTIONS = before;
      if (kind === 'thread') setFlagsFromString('--max-old-space-size=4096');
    }
  });

  it('that dies again and again is replaced each time', async () => {
    const bench = await Bench.of(kind);
    const outcomes = await Promise.all(Array.from({ length: 3 }, () => bench.run({ task: 'exit', args: [1] })));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ error: { code: 'EXECUTOR_DIED' } });
    await expectWhole(bench);
  });

  it.each([
    ['ends itself', 'exit-later', 7],
    ['throws', 'throw-later', 1],
  ])('that %s while it runs nothing is reported, and replaced', async (_, task, code) => {
    const bench = await Bench.of(kind, 1);
    expect(await bench.value({ task })).toBe(null);
    await eventually(() => expect(bench.happenings).toHaveLength(1));
    expect(bench.happenings[0]).toMatchObject({
      kind: 'executor_died',
      executor: 'x',
      error: { message: `it ended with exit code ${code}` },
    });
    expect(await bench.value({ task: 'greet', args: ['you'] })).toBe('Hello, you.');
  });

  it('is not started before it is needed, and is used again', async () => {
    const bench = await Bench.fresh(kind, 4);
    const first = await bench.value({ task: 'place' });
    for (let time = 0; time < 5; time++) expect(await bench.value({ task: 'place' })).toBe(first);
    const both = () => {
      const { file } = new Notes();
      return Promise.all([1, 2].map(() => bench.value({ task: 'meet', args: [file, 2] })));
    };
    const places = await both();
    expect(new Set(places)).toEqual(new Set([first, ...(await both())]));
    expect(new Set(places).size).toBe(2);
  });

  it('whose run waits for a place can be cancelled', async () => {
    const bench = await Bench.of(kind, 1);
    const notes = new Notes();
    const abort = new AbortController();
    const first = bench.run({ task: 'tick', args: [notes.file, 20, 20] });
    await notes.reach(1);
    const second = bench.run({ task: 'tick', args: [notes.file, 1, 0] }, { signal: abort.signal });
    const third = bench.run({ task: 'greet', args: ['you'] });
    abort.abort(new RunCancelledError('cancelled'));
    expect(await second).toEqual({ outcome: 'cancelled' });
    expect(await first).toMatchObject({ outcome: 'executed' });
    expect(await third).toMatchObject({ outcome: 'executed' });
    expect(notes.lines).toHaveLength(20);
  });

  it('in a busy loop is gone once its executor has closed', async () => {
    const bench = await Bench.fresh(kind);
    const notes = new Notes();
    const running = bench.run({ task: 'busy', args: [notes.file] });
    await notes.reach(1);
    await bench.runner.close();
    expect(await running).toEqual({ outcome: 'aborted' });
  });

  it('says what is wrong with a task file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'carillon-tasks-'));
    for (const [name, text, message] of [
      [
        'throws.mjs',
        "throw new Error('no config')",
        /cannot be loaded: .*throws\.mjs cannot be loaded: Error: no config/,
      ],
      ['empty.mjs', '', /cannot be loaded: .*empty\.mjs exports no tasks/],
      ['exits.mjs', 'process.exit(4)', /died: it ended with exit code 4/],
    ] as const) {
      const file = join(folder, name);
      writeFileSync(file, text);
      const bench = await Bench.fresh(kind, 1, pathToFileURL(file));
      for (let time = 0; time < 2; time++) {
        expect(await bench.run({ task: 'greet' })).toMatchObject({
          outcome: 'error',
          error: { message: expect.stringMatching(message) },
        });
      }
    }
  });
}
