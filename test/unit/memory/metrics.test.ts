import { Coordinator } from '@carillon/coordinator';
import { interval, Scheduler } from '@carillon/core';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { Worker } from '@carillon/worker';
import { metrics } from 'carillon/metrics';
import { Registry } from 'prom-client';
import { expect, onTestFinished, test } from 'vitest';
import { silent as logger } from '../../support/in-process.js';

test('metrics of a virtual cluster are what happened in it', async () => {
  const registry = new Registry();
  const tasks = {
    fine: () => 'done',
    flaky: () => {
      if (isFailing) throw new Error('no paper');
    },
  };
  let isFailing = true;
  const clock = new VirtualClock(new Date('2026-01-01T00:00:00Z'));
  const memory = new MemoryCluster({ clock });
  const telemetry = metrics(registry);
  const scheduler = new Scheduler({ backend: memory.connect(), logger });
  const coordinator = new Coordinator({ backend: memory.connect(), logger, telemetry });
  const worker = new Worker({ backend: memory.connect(), logger, tasks, telemetry });
  onTestFinished(async () => {
    await Promise.all([scheduler, worker, coordinator].map((each) => each.shutdown()));
  });
  await Promise.all([coordinator.start(), worker.start()]);
  const sampleOf = async (series: string) => {
    const line = (await registry.metrics()).split('\n').find((one) => one.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.slice(series.length + 1));
  };
  await scheduler.addJob({ id: 'paused', task: 'fine', trigger: interval('1m') });
  await scheduler.addJob({ id: 'fine', task: 'fine', trigger: interval('1m'), metrics: true });
  const retry = { attempts: 2, backoff: { delay: '10s' } } as const;
  await scheduler.addJob({ id: 'flaky', task: 'flaky', trigger: interval('10m'), metrics: true, retry });
  await scheduler.pauseJob('paused');
  await scheduler.enqueue('fine', [], { executor: 'video' });
  await clock.advance('11m');

  const of = (name: string, labels = '') => sampleOf(`${name}{store="default"${labels}}`);
  expect(await of('carillon_jobs', ',state="scheduled"')).toBe(2);
  expect(await of('carillon_jobs', ',state="paused"')).toBe(1);
  expect(await of('carillon_events_total', ',type="job_executed"')).toBe(11);
  expect(await of('carillon_events_total', ',type="job_error"')).toBe(1);
  expect(await of('carillon_deliveries', ',executor="video",state="waiting"')).toBe(1);
  expect(await of('carillon_executor_workers', ',executor="video"')).toBe(0);
  expect(await of('carillon_executor_workers', ',executor="default"')).toBe(1);
  expect(await of('carillon_oldest_queued_age_seconds', ',executor="video"')).toBeGreaterThan(600);
  expect(await of('carillon_led')).toBe(1);
  expect(await of('carillon_job_last_outcome', ',job_id="flaky",outcome="error"')).toBe(1);
  expect(await of('carillon_job_last_success_timestamp_seconds', ',job_id="flaky"')).toBeUndefined();
  const last = Date.parse('2026-01-01T00:11:00Z') / 1_000;
  expect(await of('carillon_job_last_success_timestamp_seconds', ',job_id="fine"')).toBe(last);
  expect(await of('carillon_job_next_run_timestamp_seconds', ',job_id="fine"')).toBe(last + 60);
  // The second attempt is late by its delay, which is not start lateness.
  const ofTask = (task: string) => `,executor="default",task="${task}"`;
  expect(await of('carillon_start_lateness_seconds_count', ofTask('flaky'))).toBe(1);
  expect(await of('carillon_run_duration_seconds_count', `${ofTask('flaky')},outcome="error"`)).toBe(2);
  expect(await of('carillon_run_duration_seconds_count', `${ofTask('fine')},outcome="executed"`)).toBe(11);

  isFailing = false;
  await clock.advance('10m');
  expect(await of('carillon_job_last_outcome', ',job_id="flaky",outcome="executed"')).toBe(1);
  expect(await of('carillon_job_last_outcome', ',job_id="flaky",outcome="error"')).toBe(0);
});
