import { RunTimeoutError } from '@carillon/core';
import { expect } from 'vitest';
import { captureEvents } from '../../support/captured-events.js';
import { expectShared, settled, startCluster, test } from '../../support/cluster.js';
import { eventually } from '../../support/eventually.js';

const KINDS = ['async', 'thread', 'process'] as const;
const STOPPABLE = ['thread', 'process'] as const;

const timedOut = { name: 'RunTimeoutError', code: 'RUN_TIMEOUT' };

test('an execution whose time is up is an error, and tried again, in each kind of executor and over two workers', async ({
  place,
}) => {
  const { scheduler, journal } = place;
  const events = await captureEvents(scheduler);
  const executors = Object.fromEntries(KINDS.map((kind) => [kind, { kind, concurrency: 2 }]));
  const { workers } = await startCluster(place, { executors, lease: '20s' });

  const timeout = '1s';
  const retry = { attempts: 2, backoff: { type: 'fixed', delay: 100 } } as const;
  const obeying = await Promise.all(
    KINDS.flatMap((executor) =>
      [1, 2, 3].map(() => scheduler.enqueue('note.obey', ['never'], { executor, timeout, retry })),
    ),
  );
  const ignoring = await scheduler.enqueue('note.until', ['late'], { executor: 'async', timeout });
  const late = [...obeying, ignoring];
  await Promise.all(late.map((run) => expect(run.result({ timeout: '60s' })).rejects.toThrow(RunTimeoutError)));
  expect(journal.aborted.map(({ reason }) => reason)).toEqual([...obeying, ...late].map(() => timedOut));
  for (const { runId } of obeying) {
    const attempt = ['began', 'aborted', 'ended'];
    expect(journal.of(`${runId}.0`).map(({ what }) => what)).toEqual([...attempt, ...attempt]);
  }
  expectShared(place, workers);

  // A task on the event loop that ignores its signal goes on, and counts for nothing.
  expect(journal.of(`${ignoring.runId}.0`).map(({ what }) => what)).toEqual(['began', 'aborted']);
  journal.open('late');
  await eventually(() => expect(journal.of(`${ignoring.runId}.0`).map(({ what }) => what)).toContain('ended'));

  // A busy loop does not notice its signal. It is stopped, and the next attempt ends well.
  const busy = await Promise.all(
    STOPPABLE.map((executor) => scheduler.enqueue('note.busyAt', [1], { executor, timeout, retry })),
  );
  expect(await Promise.all(busy.map((run) => run.result({ timeout: '60s' })))).toEqual([2, 2]);
  for (const { runId } of busy) {
    expect(journal.of(`${runId}.0`).map(({ what, attempt }) => `${what} ${attempt}`)).toEqual([
      'began 1',
      'began 2',
      'ended 2',
    ]);
  }

  await settled(place);
  await events.upToDate();
  const failed = late.map(({ runId }) => runId).sort();
  expect(
    events
      .of('job_error')
      .map(({ runId }) => runId)
      .sort(),
  ).toEqual(failed);
  for (const { error } of events.of('job_error')) expect(error).toMatchObject(timedOut);
  const retried = [...obeying, ...busy].map(({ runId }) => runId).sort();
  expect(
    events
      .of('job_retrying')
      .map(({ runId }) => runId)
      .sort(),
  ).toEqual(retried);
  for (const { error } of events.of('job_retrying')) expect(error).toMatchObject(timedOut);
  expect(events.of('job_executed')).toHaveLength(busy.length);
});
