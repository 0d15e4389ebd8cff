import { describe, expect, it } from 'vitest';
import { Bench, Notes } from '../../support/task-runners.js';
import { stopsAndReplaces } from './stopping.js';

stopsAndReplaces('process');

describe('a child process', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('lets a run finish when its group is sent %s', async (signal) => {
    const bench = await Bench.of('process', 1);
    const notes = new Notes();
    const running = bench.run({ task: 'mind-signals', args: [notes.file] });
    const [line = ''] = await notes.reach(1);
    process.kill(Number(line.split(' ')[1]), signal);
    expect(await running).toEqual({ outcome: 'executed', json: '"unmoved"' });
  });

  it('that cannot be started is an error of the run that it was for', async () => {
    const before = process.env.NODE_OPTIONS;
    process.env.NODE_OPTIONS = '--import=./no-such-loader.js';
    try {
      const bench = await Bench.fresh('process');
      const outcomes = await Promise.all([1, 2, 3].map(() => bench.run({ task: 'place' })));
      for (const outcome of outcomes) expect(outcome).toMatchObject({ error: { code: 'EXECUTOR_DIED' } });
    } finally {
      if (before === undefined) delete process.env.NODE_OPTIONS;
      else process.env.NODE_OPTIONS = before;
    }
  });
});
