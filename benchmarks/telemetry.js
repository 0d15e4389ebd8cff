/**
 * What telemetry costs a run, by processor time: a coordinator, a worker and runs that do nothing, in one process with its job store in
 * memory, with and without telemetry by turns. `node benchmarks/telemetry.js [runs] [rounds]`, after `npm run build`.
 */
import { Coordinator } from '@carillon/coordinator';
import { interval, Scheduler } from '@carillon/core';
import { MemoryCluster } from '@carillon/core/memory';
import { Worker } from '@carillon/worker';
import { context, propagation } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { metrics } from 'carillon/metrics';
import { tracing } from 'carillon/opentelemetry';
import { Registry } from 'prom-client';

const [RUNS = 10_000, ROUNDS = 15] = process.argv.slice(2).map(Number);
/** What a run takes of all processors at the ceiling, µs: README.md. */
const OF_CEILING_US = 167;
const JOBS = 500;
const logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => logger, levels: { values: {} } };

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
propagation.setGlobalPropagator(new W3CTraceContextPropagator());
const KINDS = {
  'off, first': () => undefined,
  off: () => undefined,
  metrics: () => metrics(new Registry()),
  traces: () => tracing({ provider: new BasicTracerProvider() }),
  'traces, each recorded': () =>
    tracing({ provider: new BasicTracerProvider(), tracesPerSecond: Number.POSITIVE_INFINITY }),
  'traces, no SDK': () => tracing(),
};

const found = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, []]));
for (let round = 0; round < ROUNDS; round++)
  for (const [kind, telemetry] of Object.entries(KINDS)) found[kind].push(await microsecondsARun(telemetry()));

const off = median(found.off);
for (const [kind, all] of Object.entries(found)) {
  const sorted = all.toSorted((a, b) => a - b);
  const more = median(all) - off;
  const spread = [sorted[Math.floor(all.length / 4)], sorted[Math.floor((3 * all.length) / 4)]].map((us) =>
    us.toFixed(1),
  );
  console.log(
    `${kind}: ${median(all).toFixed(1)} µs a run (half of the rounds: ${spread.join(' to ')}), ${more.toFixed(1)} more than off: ${((100 * more) / OF_CEILING_US).toFixed(1)} % of a run at the ceiling`,
  );
}

async function microsecondsARun(telemetry) {
  const memory = new MemoryCluster();
  const common = () => ({ backend: memory.connect(), logger, telemetry });
  const scheduler = new Scheduler({ backend: memory.connect(), logger });
  const coordinator = new Coordinator(common());
  let [count, end] = [0, () => {}];
  const ended = new Promise((resolve) => {
    end = resolve;
  });
  const tasks = {
    noop: () => {
      if (++count === RUNS) end();
    },
  };
  const worker = new Worker({ ...common(), tasks, executors: { default: { concurrency: 100 } } });
  await Promise.all([coordinator.start(), worker.start()]);
  globalThis.gc?.();
  const before = process.cpuUsage();
  // Each has its backlog as it is resumed: no run waits for the clock.
  const policy = { coalesce: false, misfireGraceTime: null };
  const startAt = new Date(Date.now() - (RUNS / JOBS) * 60_000);
  const ids = Array.from({ length: JOBS }, (_, n) => `job ${n}`);
  await scheduler.addJobs(
    ids.map((id) => ({
      id,
      task: 'noop',
      trigger: interval({ minutes: 1, startAt }),
      nextRunTime: startAt,
      ...policy,
    })),
  );
  await ended;
  const { user, system } = process.cpuUsage(before);
  await Promise.all([scheduler, worker, coordinator].map((each) => each.shutdown()));
  return (user + system) / RUNS;
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
