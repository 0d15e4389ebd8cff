import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type EventType, Scheduler } from '@carillon/core';
import { metrics } from 'carillon/metrics';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { showMetrics } from '../../packages/carillon/src/cli/metrics/server.js';
import { withPort } from '../../packages/carillon/src/local-redis/port.js';
import { EVENT_TYPES } from '../../packages/core/src/event/schema.js';
import { eventually } from '../support/eventually.js';
import { newScheduler, Stored, silent, together } from '../support/in-process.js';
import { done, file, Running, TASKS } from './cli/carillon.js';

const docs = fileURLToPath(new URL('../../docs/', import.meta.url));
const read = (name: string) => readFileSync(docs + name, 'utf8');

/** A port on which no server listens at present. */
const freePort = () => withPort(undefined, async (port) => port);

async function scrape(port: number, path = '/metrics'): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  return response.text();
}

/** Names of metrics, as Prometheus knows them. */
const namesIn = (text: string) => new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name));

/** The value of a series, or undefined if there is none. */
function sampleOf(text: string, series: string): number | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

/** The counters of events by type. */
function eventsIn(text: string): Record<string, number> {
  const lines = text.matchAll(/^carillon_events_total\{store="default",type="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...lines].map(([, type, count]) => [type, Number(count)]));
}

/** The metrics that an expression of PromQL asks for, without the suffixes of a histogram. */
function askedBy(expression: string): string[] {
  const names = expression.match(/\bcarillon_\w+/g) ?? [];
  return names.map((name) => name.replace(/(_seconds)_(?:bucket|sum|count)$/, '$1'));
}

function expressionsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    typeof member === 'string' && (name === 'expr' || /^label_values/.test(member)) ? [member] : expressionsOf(member),
  );
}

describe('metrics of a live cluster, over HTTP', () => {
  it('are what happened, in each process and after a restart; board, alerts and docs name just those', async () => {
    const { prefix } = new Stored();
    const tasks = await file('tasks.mjs', TASKS);
    const [first, second, ofWorker] = [await freePort(), await freePort(), await freePort()];
    const coordinator = new Running(['coordinator', '--lease', '10s', '--metrics-port', String(first)], { prefix });
    await coordinator.says('"leading"');
    const work = ['--tasks', tasks, '--executor', 'default:3', '--metrics-port', String(ofWorker)];
    const worker = new Running(['worker', ...work], { prefix });
    await worker.says('worker started');

    await done(['jobs', 'add', 'greet', '--id', 'fine', '--every', '1h', '--metrics'], { prefix });
    await done(['jobs', 'add', 'fail', '--id', 'broken', '--every', '1h', '--metrics'], { prefix });
    await done(['jobs', 'add', 'greet', '--id', 'paused', '--every', '1h', '--paused'], { prefix });
    for (const id of ['fine', 'fine', 'broken']) await done(['jobs', 'run', id, '--wait'], { prefix }).catch(() => {});
    const isSettled = async () => {
      const events = eventsIn(await scrape(first));
      expect((events.job_executed ?? 0) + (events.job_error ?? 0)).toBe(3);
    };
    await eventually(isSettled);

    const store = await scrape(first);
    const scheduler = newScheduler(prefix);
    const { counts } = await scheduler.inspect();
    const value = (series: string) => sampleOf(store, series);
    expect(eventsIn(store)).toMatchObject({ job_added: 3, job_submitted: 3, job_executed: 2, job_error: 1 });
    expect(value('carillon_up{store="default"}')).toBe(1);
    expect(value('carillon_led{store="default"}')).toBe(1);
    expect(value('carillon_jobs{store="default",state="scheduled"}')).toBe(counts.schedule);
    expect(value('carillon_jobs{store="default",state="paused"}')).toBe(1);
    expect(value('carillon_workers{store="default"}')).toBe(1);
    expect(value('carillon_executor_slots{store="default",executor="default"}')).toBe(3);
    expect(value('carillon_job_last_outcome{store="default",job_id="broken",outcome="error"}')).toBe(1);
    const now = Date.now() / 1_000;
    const success = value('carillon_job_last_success_timestamp_seconds{store="default",job_id="fine"}') ?? 0;
    expect(Math.abs(now - success)).toBeLessThan(300);
    const { lastSuccess } = (await scheduler.getJob('fine')) ?? {};
    expect(success).toBe((lastSuccess?.scheduledRunTime.getTime() ?? 0) / 1_000);
    expect(value('carillon_job_last_success_timestamp_seconds{store="default",job_id="broken"}')).toBeUndefined();
    const next = value('carillon_job_next_run_timestamp_seconds{store="default",job_id="fine"}') ?? 0;
    expect(next - now).toBeGreaterThan(3_000);
    expect(value('carillon_job_next_run_timestamp_seconds{store="default",job_id="paused"}')).toBeUndefined();

    const runs = await scrape(ofWorker);
    const ofGreet = '{store="default",executor="default",task="greet"}';
    expect(sampleOf(runs, `carillon_start_lateness_seconds_count${ofGreet}`)).toBe(2);
    expect(sampleOf(runs, `carillon_queue_wait_seconds_count${ofGreet}`)).toBe(2);
    const failed = 'store="default",executor="default",task="fail",outcome="error"';
    expect(sampleOf(runs, `carillon_run_duration_seconds_count{${failed}}`)).toBe(1);
    const slots = (state: string) => sampleOf(runs, `carillon_worker_slots{executor="default",state="${state}"}`) ?? 0;
    expect(slots('taken') + slots('free')).toBe(3);

    // The job fails from now on. A process that starts later still knows when it last succeeded.
    await scheduler.modifyJob('fine', { task: 'fail' });
    await done(['jobs', 'run', 'fine', '--wait'], { prefix }).catch(() => {});

    // Another coordinator shows the same values, and counts on after the first one is gone.
    const other = new Running(['coordinator', '--lease', '10s', '--metrics-port', String(second)], { prefix });
    await other.says('coordinator started');
    expect(eventsIn(await scrape(second))).toMatchObject({ job_added: 3, job_executed: 2, job_error: 2 });
    const ofFine = 'carillon_job_last_success_timestamp_seconds{store="default",job_id="fine"}';
    expect(sampleOf(await scrape(second), ofFine)).toBe(success);
    await scheduler.modifyJob('fine', { task: 'greet' });
    coordinator.signal('SIGTERM');
    await coordinator.ended();
    await other.says('"leading"');
    await done(['jobs', 'run', 'fine', '--wait'], { prefix });
    await eventually(async () => expect(eventsIn(await scrape(second)).job_executed).toBe(3));
    await expect(fetch(`http://127.0.0.1:${first}/metrics`)).rejects.toThrow();
    expect((await fetch(`http://127.0.0.1:${second}/`)).status).toBe(404);

    const existing = new Set([...namesIn(store), ...namesIn(runs)]);
    expect(existing.size).toBeGreaterThan(20);
    const board = expressionsOf(JSON.parse(read('prometheus/grafana-dashboard.json')));
    const alerts = expressionsOf(parse(read('prometheus/alerts.yaml')));
    expect([board.length, alerts.length].every((count) => count > 10)).toBe(true);
    for (const expression of [...board, ...alerts]) {
      const asked = askedBy(expression);
      expect(asked, expression).not.toEqual([]);
      expect(asked.filter((name) => !existing.has(name))).toEqual([]);
      const types = [...expression.matchAll(/carillon_events_total\{[^}]*type="([^"]+)"/g)].map(([, type]) => type);
      expect(types.filter((type) => !EVENT_TYPES.includes(type as EventType))).toEqual([]);
    }
    // The dashboard shows all of them.
    expect([...existing].filter((name) => !board.flatMap(askedBy).includes(name))).toEqual([]);
    const reported = [...read('observability.md').matchAll(/^\| `(carillon_\w+)` \| (\w+)/gm)];
    expect(reported.map(([, name]) => name).sort()).toEqual([...existing].sort());
    for (const [, name, type] of reported) expect(store + runs).toContain(`# TYPE ${name} ${type}\n`);
  });

  it('are not shown on a port that is taken, and the command line says so', async () => {
    const { prefix } = new Stored();
    const port = await freePort();
    const coordinator = new Running(['coordinator', '--metrics-port', String(port)], { prefix });
    await coordinator.says('coordinator started');
    const second = await new Running(['coordinator', '--metrics-port', String(port)], { prefix }).ended();
    expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot be listened on') });
  });

  it('need prom-client, and the command line says how to install it', async () => {
    const missing = Object.assign(new Error("Cannot find package 'prom-client'"), { code: 'ERR_MODULE_NOT_FOUND' });
    const shown = showMetrics({ metricsPort: 1, metricsHost: '127.0.0.1' }, () => Promise.reject(missing));
    await expect(shown).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('npm install prom-client@15'),
    });
    expect(await showMetrics({ metricsHost: '127.0.0.1' }, () => Promise.reject(missing))).toBeUndefined();
  });

  it('report that a job store is not read, and nothing else of it', async () => {
    const registry = new Registry();
    const scheduler = new Scheduler({ redis: 'redis://127.0.0.1:1', logger: silent, telemetry: metrics(registry) });
    const text = await registry.metrics();
    expect(sampleOf(text, 'carillon_up{store="default"}')).toBe(0);
    expect(text).not.toContain('carillon_jobs{');
    await scheduler.shutdown();
    expect(await registry.metrics()).not.toContain('carillon_up{');
  });

  it('are read once for all parts of a process, and of each of its job stores', async () => {
    const registry = new Registry();
    const jobStores = ['default', 'reports'];
    const { carillon } = await together({ ping: async () => 1 }, { jobStores, telemetry: metrics(registry) });
    await carillon.enqueue('ping').then((run) => run.result());
    await eventually(async () => {
      const text = await registry.metrics();
      expect(sampleOf(text, 'carillon_events_total{store="default",type="job_executed"}')).toBe(1);
      for (const store of jobStores) {
        expect(sampleOf(text, `carillon_led{store="${store}"}`)).toBe(1);
        expect(sampleOf(text, `carillon_executor_workers{store="${store}",executor="default"}`)).toBe(1);
      }
    });
  });
});
