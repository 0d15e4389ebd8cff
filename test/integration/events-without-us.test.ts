import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cron, date, interval } from '@carillon/core';
import { currentRun } from '@carillon/worker';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { nothingOwed, together } from '../support/in-process.js';
import { violations } from '../support/json-schema.js';
import { redisUrl } from '../support/redis.js';

interface Message {
  readonly channel: string;
  readonly event: {
    readonly seq: number;
    readonly type: string;
    readonly jobStore: string;
    readonly runId?: string | null;
  };
}

/** Collects messages as redis-cli writes them: four lines each. Resolves once it is subscribed. */
async function psubscribe(pattern: string): Promise<() => Message[]> {
  const { hostname, port, password } = new URL(redisUrl());
  const access = password ? ['--no-auth-warning', '-a', decodeURIComponent(password)] : [];
  const cli = spawn('redis-cli', ['-h', hostname, '-p', port || '6379', ...access, 'psubscribe', pattern]);
  onTestFinished(async () => {
    cli.kill();
    if (cli.exitCode === null && cli.signalCode === null) await once(cli, 'exit');
  });
  let output = '';
  cli.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await eventually(() => expect(output).toMatch(/psubscribe\n.*\n1\n/));
  return () => {
    const lines = output.slice(0, output.lastIndexOf('\n')).split('\n').slice(3);
    return Array.from({ length: Math.floor(lines.length / 4) }, (_, index): Message => {
      const [kind, heard, channel = '', text = ''] = lines.slice(4 * index, 4 * index + 4);
      expect([kind, heard]).toEqual(['pmessage', pattern]);
      return { channel, event: JSON.parse(text) as Message['event'] };
    });
  };
}

const schema = JSON.parse(readFileSync(new URL('../../docs/events.schema.json', import.meta.url), 'utf8'));

test('redis-cli psubscribe sees every event as documented', async () => {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { carillon, events, stored } = await together(
    {
      ok: (value: string) => ({ value, empty: [], large: 2 ** 60 }),
      fails: () => {
        throw Object.assign(new TypeError('no "luck"\n'), { code: 'E_LUCK' });
      },
      slow: () => new Promise((resolve) => setTimeout(resolve, 2_500)),
      held: () => gate,
      nothing: () => undefined,
      flaky: () => {
        if (currentRun().attempt < 3) throw new Error('not yet');
      },
    },
    { jobStores: ['default', 'other'] },
  );
  const heard = await psubscribe(`{${stored.prefix}:*}:events:*`);

  await carillon.addJob({ id: 'once', task: 'ok', args: ['ünï"\\'], trigger: date(new Date(Date.now() + 200)) });
  await carillon.addJob({
    id: 'late',
    task: 'ok',
    args: ['x'],
    trigger: date('2020-01-01T00:00Z'),
    misfireGraceTime: 0,
  });
  await carillon.addJob({ id: 'often', task: 'nothing', trigger: interval('300ms') });
  await carillon.addJob({ id: 'cron', task: 'ok', args: ['c'], trigger: cron('* * * * * *') });
  await carillon.addJob({ id: 'fails', task: 'fails', trigger: interval('1s') });
  await carillon.addJob({ id: 'slow', task: 'slow', trigger: interval('1s') });
  await carillon.addJob({ id: 'backlog', task: 'nothing', coalesce: false, trigger: interval('500ms') });
  await carillon.addJob({ id: 'elsewhere', task: 'nothing', jobStore: 'other' });
  await carillon.addJob({ id: 'unknown', task: 'nothing', nextRunTime: null, trigger: interval('1h') });
  await carillon.resumeJob('unknown');
  await carillon.pauseJob('unknown');
  await carillon.enqueue('ok', ['enqueued']);
  await carillon.runJob('unknown');
  const retrying = await carillon.enqueue('flaky', [], { retry: { attempts: 3, backoff: { delay: '50ms' } } });
  await carillon.addJob({ id: 'queue', task: 'held', nextRunTime: null, overlap: 'queue' });
  await carillon.runJob('queue');
  const superseded = await carillon.runJob('queue');
  const waiting = await carillon.runJob('queue');
  expect(await waiting.cancel()).toBe('cancelled');
  open();
  await events.count('job_executed', 10);
  await carillon.pause();
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  await carillon.resume();
  await carillon.rescheduleJob('often', interval('200ms'));
  await events.first('job_max_instances');
  await events.first('job_error');
  await carillon.addJobStore('third');
  await carillon.removeJobStore('third');
  await carillon.removeAllJobs();
  await nothingOwed(stored);
  await eventually(async () => expect(heard().length).toBe(events.all.length - early()));

  // Counts the events from before redis-cli was subscribed.
  function early(): number {
    const first = new Map<string, number>();
    for (const { event } of heard()) if (!first.has(keyOf(event))) first.set(keyOf(event), event.seq);
    return events.all.filter((event) => event.seq < (first.get(keyOf(event)) ?? Number.POSITIVE_INFINITY)).length;
  }
  const messages = heard();

  expect(messages.flatMap(({ event }) => violations(schema, event))).toEqual([]);
  for (const { channel, event } of messages) {
    expect(channel).toBe(`{${stored.prefix}:${event.jobStore}}:events:${event.type}`);
  }
  const last = new Map<string, number>();
  for (const { event } of messages) {
    expect(event.seq, keyOf(event)).toBe((last.get(keyOf(event)) ?? event.seq - 1) + 1);
    last.set(keyOf(event), event.seq);
  }
  const types = [...new Set(messages.map(({ event }) => event.type))];
  expect(types).toEqual(
    expect.arrayContaining([
      ...['all_jobs_removed', 'job_added', 'job_error', 'job_executed', 'job_max_instances', 'job_missed'],
      ...[
        'job_cancelled',
        'job_retrying',
        'job_modified',
        'job_paused',
        'job_removed',
        'job_resumed',
        'job_started',
        'job_submitted',
      ],
      ...['jobstore_added', 'jobstore_removed', 'scheduler_paused', 'scheduler_resumed'],
    ]),
  );
  const runs = new Map<string, string[]>();
  for (const { event } of messages) {
    if (event.runId) runs.set(event.runId, [...(runs.get(event.runId) ?? []), event.type]);
  }
  expect(runs.size).toBeGreaterThan(10);
  expect(runs.get(waiting.runId)).toEqual(['job_cancelled']);
  expect(runs.get(superseded.runId)).toEqual(['job_max_instances']);
  const again = ['job_started', 'job_retrying'];
  const inOrder = ['job_submitted', ...again, ...again, 'job_started', 'job_executed'];
  expect(runs.get(retrying.runId)).toEqual(inOrder);
  runs.delete(waiting.runId);
  runs.delete(retrying.runId);
  for (const [runId, order] of runs) {
    if (order.length === 1 && order[0] === 'job_max_instances') continue;
    expect(order.slice(0, 2), `${runId}: ${order}`).toEqual(['job_submitted', 'job_started']);
    expect(order.length, `${runId}: ${order}`).toBeGreaterThan(2);
    for (const type of order.slice(2)) expect(['job_executed', 'job_error']).toContain(type);
  }
  const enqueued = messages.find(({ event }) => 'value' in event && JSON.stringify(event.value).includes('enqueued'));
  expect(enqueued?.event).toMatchObject({ jobId: null, value: { value: 'enqueued', empty: [], large: 2 ** 60 } });
});

function keyOf({ jobStore, type }: Message['event']): string {
  return `${jobStore} ${type}`;
}
